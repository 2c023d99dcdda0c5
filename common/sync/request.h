// What all requests of a sync share. Internal to common/sync.
#pragma once

#include <string>

#include "common/sync/transport.h"

namespace zf {

Request request_of(std::string method, std::string path, std::string body = {});

/// What a device signs to open a session.
std::string signed_challenge(const std::string& challenge);

/// An answer that cannot be read was cut off on its way: the sync may simply be repeated.
Unexpected cut_off(std::string where = {});

}  // namespace zf
