#include "client/bundle_commands.h"

#include <ostream>

namespace zf {
namespace {

/// Says every so often how far a large file has come.
BundleProgress progress_to(std::ostream* messages) {
    if (!messages) return {};
    return [messages, told = std::int64_t{0}](std::int64_t bytes) mutable {
        constexpr std::int64_t step = 64ll << 20;
        if (bytes < told + step) return;
        told = bytes;
        *messages << "zoufang: " << (bytes >> 20) << " MiB\n";
    };
}

}  // namespace

Result<BundleSummary> write_bundle(DeviceStore& store, const std::filesystem::path& file,
                                   const std::optional<std::string>& device,
                                   std::ostream* messages) {
    ZF_CHECK(store.check_enrolled());
    std::optional<DeviceId> receiver;
    if (device) {
        receiver = parse_device_id(*device);
        if (!receiver) {
            return fail(ErrorCode::wrong_type, "a device id has 32 hex digits", "device");
        }
    }
    LaptopStores stores = store.sync_stores();
    return export_bundle(stores, file, receiver, progress_to(messages));
}

Result<BundleSummary> read_bundle(DeviceStore& store, const std::filesystem::path& file,
                                  std::ostream* messages) {
    ZF_CHECK(store.check_enrolled());
    LaptopStores stores = store.sync_stores();
    return import_bundle(stores, file, store.home() / "incoming", progress_to(messages));
}

}  // namespace zf
