#include "client/bundle_commands.h"

#include <ostream>

namespace zf {

BundleProgress progress_to(std::ostream& messages) {
    return [&messages, told = std::int64_t{0}](std::int64_t bytes) mutable {
        constexpr std::int64_t step = 64ll << 20;
        if (bytes < told + step) return true;
        told = bytes;
        messages << "zoufang: " << (bytes >> 20) << " MiB\n";
        return true;
    };
}

Result<std::optional<DeviceId>> read_receiver(const std::optional<std::string>& hex) {
    if (!hex) return std::optional<DeviceId>();
    const auto receiver = parse_device_id(*hex);
    if (receiver) return std::optional(*receiver);
    return fail(ErrorCode::wrong_type, "a device id has 32 hex digits", "device");
}

Result<BundleSummary> write_bundle(DeviceStore& store, const std::filesystem::path& file,
                                   const std::optional<DeviceId>& receiver,
                                   const BundleProgress& progress) {
    ZF_CHECK(store.check_enrolled());
    LaptopStores stores = store.sync_stores();
    return export_bundle(stores, file, receiver, progress);
}

Result<BundleSummary> read_bundle(DeviceStore& store, const std::filesystem::path& file,
                                  const BundleProgress& progress) {
    ZF_CHECK(store.check_enrolled());
    LaptopStores stores = store.sync_stores();
    return import_bundle(stores, file, store.home() / "incoming", progress);
}

}  // namespace zf
