#include "server/api.h"

#include <array>
#include <exception>
#include <iostream>

#include "common/codec/wire.h"
#include "server/routes/session_token.h"

namespace zf {

enum class Access {
    any_version,  // also for clients of another protocol version
    anybody,      // who speaks this version
    device_only,  // with a session of an enrolled device
};

struct Route {
    std::string_view method, path;  // '*' at the end of the path: anything without '/'
    Access access;
    RouteHandler handler;
};

namespace {

constexpr std::array<Route, 15> routes{{
    {"GET", "/v1/health", Access::any_version, handle_health},
    {"GET", "/v1/bureau", Access::any_version, handle_bureau},
    {"POST", "/v1/enrol", Access::anybody, handle_enrol},
    {"POST", "/v1/session", Access::anybody, handle_session},
    {"POST", "/v1/renew", Access::device_only, handle_renew},
    {"POST", "/v1/entries", Access::anybody, handle_entries},
    {"GET", "/v1/chains", Access::device_only, handle_chains},
    {"POST", "/v1/push", Access::device_only, handle_push},
    {"POST", "/v1/push/rehearse", Access::device_only, handle_push_rehearse},
    {"GET", "/v1/own", Access::device_only, handle_own},
    {"GET", "/v1/pull", Access::device_only, handle_pull},
    {"GET", "/v1/pull/size", Access::device_only, handle_pull_size},
    {"POST", "/v1/blobs/missing", Access::device_only, handle_blobs_missing},
    {"GET", "/v1/blobs/*", Access::device_only, handle_blob_get},
    {"PUT", "/v1/blobs/*", Access::device_only, handle_blob_put},
}};

bool matches(const Route& route, std::string_view path, std::string_view& tail) {
    if (!route.path.ends_with('*')) return path == route.path;
    const std::string_view stem = route.path.substr(0, route.path.size() - 1);
    if (!path.starts_with(stem)) return false;
    tail = path.substr(stem.size());
    return !tail.empty() && tail.find('/') == std::string_view::npos;
}

/// The first route for method and path. Refused `not_found`, naming the methods that would do.
Result<const Route*> find_route(const Request& request, std::string_view& tail) {
    std::string other_methods;
    for (const Route& route : routes) {
        if (!matches(route, request.path, tail)) continue;
        if (route.method == request.method) return &route;
        other_methods += (other_methods.empty() ? "" : ", ") + std::string(route.method);
    }
    if (other_methods.empty()) {
        return fail(ErrorCode::not_found, "There is nothing under this path.", "path");
    }
    return fail(ErrorCode::not_found, "This path takes " + other_methods + " only.", "method");
}

Result<void> check_version(const Request& request) {
    const auto header = request.headers.find("zoufang-protocol");
    if (header != request.headers.end() && header->second == std::to_string(protocol_version)) {
        return {};
    }
    return fail(ErrorCode::version_unsupported,
                "This server speaks protocol version " + std::to_string(Api::protocol_min) +
                    " to " + std::to_string(Api::protocol_max) +
                    ", named in the header Zoufang-Protocol; update the program on this device.",
                "zoufang-protocol");
}

Response error_response(const Error& error) {
    return {facts_of(error.code).http_status,
            {{"content-type", "application/json"}},
            encode_error(error)};
}

struct Credentials {
    DeviceId device;
    std::string challenge, signature;
};

/// "Zoufang <device>.<challenge>.<signature>"
Result<Credentials> read_credentials(const Request& request) {
    const auto refuse = [] {
        return fail(ErrorCode::unauthenticated,
                    "This needs the header Authorization: Zoufang DEVICE.CHALLENGE.SIGNATURE with "
                    "a challenge from POST /v1/session.",
                    "authorization");
    };
    constexpr std::string_view scheme = "Zoufang ";
    const auto header = request.headers.find("authorization");
    if (header == request.headers.end() || !header->second.starts_with(scheme)) return refuse();
    const std::string_view token = std::string_view(header->second).substr(scheme.size());
    const std::size_t first = token.find('.');
    const std::size_t second = first == token.npos ? first : token.find('.', first + 1);
    if (second == token.npos) return refuse();
    const auto device = parse_device_id(token.substr(0, first));
    const auto signature = bytes_of_base64(token.substr(second + 1));
    if (!device || !signature) return refuse();
    return Credentials{*device, std::string(token.substr(first + 1, second - first - 1)),
                       *signature};
}

}  // namespace

Result<Device> Api::authenticate_device(const Request& request) {
    const auto given = read_credentials(request);
    if (!given) return fail(given.error());
    ZF_CHECK(check_challenge(store_.keys().token, given->device, given->challenge,
                             store_.env().now_ms()));
    std::optional<Device> device;
    {
        const auto held = store_.lock();
        device = store_.bureau().find_device(given->device);
    }
    if (!device) {
        return fail(ErrorCode::unauthenticated,
                    "This device is not enrolled here; enrol it with a code from the bureau.",
                    "authorization");
    }
    std::string message = "zoufang-session/1";
    message.push_back('\0');
    message += given->challenge;
    if (!verify_signature(device->key, message, given->signature)) {
        return fail(ErrorCode::unauthenticated,
                    "The signature over the challenge does not fit this device's key.",
                    "authorization");
    }
    // Only who holds the key is told.
    if (device->revoked) {
        return fail(ErrorCode::device_revoked,
                    "This device was revoked by the bureau; enrol it anew if that was a mistake.",
                    "authorization");
    }
    return *device;
}

Result<Response> Api::dispatch(const Request& request) {
    if (request.body.size() > body_bytes_max) {
        return fail(ErrorCode::too_large,
                    "The body is larger than " + std::to_string(body_bytes_max) + " bytes.",
                    "body");
    }
    std::string_view tail;
    const auto route = find_route(request, tail);
    if (!route) return fail(route.error());
    const Access access = (*route)->access;
    if (access != Access::any_version) ZF_CHECK(check_version(request));
    RouteCall call{request, store_, attempts_, tail};
    if (access == Access::device_only) {
        auto device = authenticate_device(request);
        if (!device) return fail(device.error());
        call.device = std::move(*device);
    }
    return (*route)->handler(call);
}

Response Api::handle(const Request& request) {
    Response response;
    try {
        auto answer = dispatch(request);
        response = answer ? std::move(*answer) : error_response(answer.error());
    } catch (const DbError& error) {
        std::cerr << "store failed: " + std::string(error.what()) + "\n";
        response = error_response(
            error.is_busy()
                ? Error{ErrorCode::busy, "The store is busy; try again in a moment.", {}}
                : Error{ErrorCode::internal, "The server's store failed; its log says more.", {}});
    } catch (const std::exception& error) {
        std::cerr << "request failed: " + std::string(error.what()) + "\n";
        response = error_response(
            {ErrorCode::internal, "The server failed at this request; its log says more.", {}});
    }
    response.headers.try_emplace("cache-control", "no-store");
    return response;
}

}  // namespace zf
