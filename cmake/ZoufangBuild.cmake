# What every target shares: language level, warnings, sanitizers, third-party packages.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
# cpp-httplib is a compiled library on Debian: its macros must come from pkg-config, or class
# sizes differ silently.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
find_package(nlohmann_json 3.11 REQUIRED)

set(ZF_SANITIZE "" CACHE STRING "address;undefined or thread")
option(ZF_FUZZ "fuzz targets driven by libFuzzer (clang only); see tests/fuzz" OFF)

add_library(zf_flags INTERFACE)
target_include_directories(zf_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(zf_flags INTERFACE ZF_VERSION="${PROJECT_VERSION}")
target_compile_options(zf_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Wno-missing-field-initializers)
# GCC 12 sees overlaps in "text" + std::string that are not there; Clang has no such warning.
target_compile_options(zf_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(ZF_SANITIZE)
  string(REPLACE ";" "," zf_sanitizers "${ZF_SANITIZE}")
  target_compile_options(zf_flags INTERFACE -fsanitize=${zf_sanitizers} -fno-omit-frame-pointer)
  target_link_options(zf_flags INTERFACE -fsanitize=${zf_sanitizers})
  # UBSan only reports by default: a fuzzer must stop at what it found.
  if(ZF_FUZZ)
    target_compile_options(zf_flags INTERFACE -fno-sanitize-recover=all)
  endif()
endif()

# zf_library(name SOURCES file... DEPENDS target...): a static library of one room.
function(zf_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC zf_flags ${arg_DEPENDS})
endfunction()

# zf_test(name SOURCES file... DEPENDS target...): a doctest program that ctest runs.
function(zf_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE zf_flags zf_test_main ${arg_DEPENDS})
  add_test(NAME ${name} COMMAND ${name})
endfunction()
