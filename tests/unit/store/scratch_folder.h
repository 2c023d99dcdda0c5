// A new, empty folder for one test, gone with it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "common/base/assert.h"

namespace zf::testing {

struct ScratchFolder {
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "zf-test-XXXXXX").string();
        ZF_ASSERT(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    std::filesystem::path path;
};

}  // namespace zf::testing
