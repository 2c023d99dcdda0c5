#include "server/routes/route.h"

#include <charconv>

namespace zf {

Result<std::int64_t> query_number(const Request& request, const std::string& name,
                                  std::optional<std::int64_t> absent) {
    const auto entry = request.query.find(name);
    if (entry == request.query.end()) {
        if (absent) return *absent;
        return fail(ErrorCode::missing_argument, "The query lacks " + name + "=NUMBER.", name);
    }
    const std::string& text = entry->second;
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size() || number < 0) {
        return fail(ErrorCode::malformed, "This should be a whole number from 0.", name);
    }
    return number;
}

Result<void> check_epoch(const CentralStore& store, std::string_view epoch) {
    if (epoch == store.epoch()) return {};
    return fail(ErrorCode::wrong_epoch,
                "The server's store was restored from a backup since; open a new session, push "
                "from there, and pull from the start.",
                "epoch");
}

}  // namespace zf
