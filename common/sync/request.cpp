#include "common/sync/request.h"

namespace zf {

Request request_of(std::string method, std::string path, std::string body) {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    return request;
}

std::string signed_challenge(const std::string& challenge) {
    std::string message = "zoufang-session/1";
    message.push_back('\0');
    return message + challenge;
}

Unexpected cut_off(std::string where) {
    return fail(ErrorCode::interrupted, "the answer was cut off or changed on its way; sync again",
                std::move(where));
}

}  // namespace zf
