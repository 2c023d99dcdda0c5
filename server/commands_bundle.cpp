// bundle import and bundle export.
#include <ostream>

#include "server/bundle.h"
#include "server/commands.h"

namespace zf {
namespace {

/// Says every so often how far a large file has come.
BundleProgress progress_to(std::ostream& messages) {
    return [&messages, told = std::int64_t{0}](std::int64_t bytes) mutable {
        constexpr std::int64_t step = 64ll << 20;
        if (bytes < told + step) return true;
        told = bytes;
        messages << "zoufang-server: " << (bytes >> 20) << " MiB\n";
        return true;
    };
}

}  // namespace

Result<int> run_bundle_import(const Invocation& invocation) {
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto summary =
        import_bundle(**store, invocation.line.words[0], progress_to(invocation.messages));
    if (!summary) return fail(summary.error());
    print_json(invocation.out, bundle_value(*summary));
    return 0;
}

Result<int> run_bundle_export(const Invocation& invocation) {
    const auto device = parse_device_id(invocation.line.value("--device"));
    if (!device) {
        return wrong_usage(
            "Say for which laptop with --device ID, 32 hex digits; see `device list`.", "--device");
    }
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto summary =
        export_bundle(**store, invocation.line.words[0], *device, progress_to(invocation.messages));
    if (!summary) return fail(summary.error());
    print_json(invocation.out, bundle_value(*summary));
    return 0;
}

}  // namespace zf
