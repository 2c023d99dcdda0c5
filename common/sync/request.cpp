#include "common/sync/request.h"

namespace zf {

Request request_of(std::string method, std::string path, std::string body) {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    return request;
}

Unexpected cut_off(std::string where) {
    return fail(ErrorCode::interrupted, "the answer was cut off or changed on its way; sync again",
                std::move(where));
}

}  // namespace zf
