#include "tests/faults/platters.h"

#include <algorithm>
#include <fstream>

#include "common/base/assert.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

std::string read_content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_content(const fs::path& file, const std::string& content) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    ZF_ASSERT(out.good());
}

Sector sector_of(std::string_view bytes) {
    Sector sector{};
    std::copy_n(bytes.data(), std::min(bytes.size(), sector.size()), sector.data());
    return sector;
}

}  // namespace

CrashingDisk::Platters::Platters(fs::path folder, std::uint64_t seed)
    : folder_(fs::canonical(folder)), prefix_(folder_.string() + "/"), random_(seed) {}

bool CrashingDisk::Platters::covers(const std::string& path) const {
    return path.starts_with(prefix_);
}

std::optional<CrashingDisk::Failure> CrashingDisk::Platters::meet(Operation operation) {
    if (!power_) return Failure::io_error;
    ++counts_[static_cast<std::size_t>(operation)];
    ++counts_[static_cast<std::size_t>(Operation::any)];
    if (cut_at_ && --*cut_at_ == 0) {
        cut_power();
        return Failure::io_error;
    }
    if (!fault_) return std::nullopt;
    if (fault_->operation != Operation::any && fault_->operation != operation) return std::nullopt;
    ++seen_;
    if (seen_ == fault_->nth || (fault_->for_good && seen_ > fault_->nth)) {
        failed_ = true;
        return fault_->failure;
    }
    return std::nullopt;
}

std::shared_ptr<Inode> CrashingDisk::Platters::open_file(const std::string& path, bool creates) {
    Name& name = names_[path];
    if (!name.current) {
        const bool is_there = fs::exists(path);
        if (!is_there && !creates) return nullptr;
        name.current = std::make_shared<Inode>();
        name.current->sizes = {is_there ? static_cast<std::int64_t>(fs::file_size(path)) : 0};
        // A file that was there before the disk was watched is taken for synced.
        if (is_there) name.durable = name.current;
    }
    ++open_files_;
    return name.current;
}

void CrashingDisk::Platters::touch_sector(Inode& inode, std::int64_t sector,
                                          const ReadBefore& before) {
    std::vector<Sector>& versions = inode.versions[sector];
    if (versions.empty()) {
        versions.push_back(sector_of(before(sector * sector_bytes, sector_bytes)));
    }
}

void CrashingDisk::Platters::note_write(Inode& inode, std::int64_t offset, std::string_view bytes,
                                        const ReadBefore& before) {
    const auto end = offset + static_cast<std::int64_t>(bytes.size());
    for (std::int64_t s = offset / sector_bytes; s * sector_bytes < end; ++s) {
        touch_sector(inode, s, before);
        std::vector<Sector>& versions = inode.versions[s];
        Sector next = versions.back();
        const std::int64_t from = std::max(offset, s * sector_bytes);
        const std::int64_t to = std::min(end, (s + 1) * sector_bytes);
        std::copy_n(bytes.data() + (from - offset), to - from,
                    next.data() + (from - s * sector_bytes));
        versions.push_back(next);
    }
    if (end > inode.sizes.back()) inode.sizes.push_back(end);
}

void CrashingDisk::Platters::note_truncate(Inode& inode, std::int64_t size,
                                           const ReadBefore& before) {
    const std::int64_t was = inode.sizes.back();
    for (std::int64_t s = size / sector_bytes; s * sector_bytes < was; ++s) {
        touch_sector(inode, s, before);
        std::vector<Sector>& versions = inode.versions[s];
        Sector next = versions.back();
        const std::int64_t from = std::max<std::int64_t>(size - s * sector_bytes, 0);
        std::fill(next.begin() + from, next.end(), '\0');
        versions.push_back(next);
    }
    inode.sizes.push_back(size);
}

void CrashingDisk::Platters::note_sync(Inode& inode, std::int64_t size) {
    if (lying_) return;
    inode.versions.clear();
    inode.sizes = {size};
}

void CrashingDisk::Platters::note_folder_sync(const std::string& path) {
    if (lying_) return;
    const fs::path folder = fs::path(path).parent_path();
    for (auto& [name, meaning] : names_) {
        if (fs::path(name).parent_path() == folder) meaning.durable = meaning.current;
    }
}

void CrashingDisk::Platters::note_deletion(const std::string& path) {
    if (!fs::exists(path)) return;
    Name& name = names_[path];
    std::string content = read_content(path);
    if (!name.current) {  // never opened through this disk
        name.current = name.durable = std::make_shared<Inode>();
        name.current->sizes = {static_cast<std::int64_t>(content.size())};
    }
    name.current->left_behind = std::move(content);
    name.current = nullptr;
}

void CrashingDisk::Platters::set_fault(const Fault& fault) {
    fault_ = fault;
    seen_ = 0;
    failed_ = false;
    counts_ = {};
}

void CrashingDisk::Platters::heal() {
    fault_.reset();
}

void CrashingDisk::Platters::cut_power() {
    power_ = false;
    cut_at_.reset();
}

void CrashingDisk::Platters::cut_power_at(std::int64_t nth) {
    ZF_ASSERT(nth > 0);
    cut_at_ = nth;
}

Sector CrashingDisk::Platters::pick(const std::vector<Sector>& versions, Loss loss) {
    if (loss == Loss::all) return versions.front();
    Sector picked = versions[below(versions.size())];
    if (below(8) != 0) return picked;
    // Torn: the beginning of one content and the end of another.
    const Sector& other = versions[below(versions.size())];
    const auto cut = static_cast<std::ptrdiff_t>(below(sector_bytes));
    std::copy(other.begin() + cut, other.end(), picked.begin() + cut);
    return picked;
}

std::string CrashingDisk::Platters::content_after_reboot(const Inode& inode, std::string content,
                                                         Loss loss) {
    // Sometimes all of what was written arrives, or nothing: both must be tried often enough.
    const std::uint64_t fate = loss == Loss::random ? below(6) : 0;
    const bool everything = loss == Loss::random && fate == 0;
    const Loss lost = fate == 1 ? Loss::all : loss;
    const std::vector<std::int64_t>& sizes = inode.sizes;
    const std::int64_t size = everything          ? sizes.back()
                              : lost == Loss::all ? sizes.front()
                                                  : sizes[below(sizes.size())];
    std::int64_t longest = *std::max_element(sizes.begin(), sizes.end());
    if (!inode.versions.empty()) {
        longest = std::max(longest, (inode.versions.rbegin()->first + 1) * sector_bytes);
    }
    content.resize(static_cast<std::size_t>(longest), '\0');
    for (const auto& [sector, versions] : inode.versions) {
        const Sector kept = everything ? versions.back() : pick(versions, lost);
        std::copy(kept.begin(), kept.end(),
                  content.begin() + static_cast<std::ptrdiff_t>(sector * sector_bytes));
    }
    content.resize(static_cast<std::size_t>(size));
    return content;
}

void CrashingDisk::Platters::restore_power(Loss loss) {
    ZF_ASSERT(!power_);
    ZF_ASSERT(open_files_ == 0);
    for (const auto& [path, name] : names_) {
        std::shared_ptr<Inode> kept = name.durable;
        if (loss == Loss::random && name.current != name.durable && below(2) == 0) {
            kept = name.current;
        }
        if (!kept) {
            fs::remove(path);
            continue;
        }
        const bool untouched = kept == name.current && kept->versions.empty() &&
                               kept->sizes.size() == 1 && !kept->left_behind;
        if (untouched) continue;
        std::string content = kept->left_behind ? *kept->left_behind : read_content(path);
        write_content(path, content_after_reboot(*kept, std::move(content), loss));
    }
    names_.clear();
    fault_.reset();
    power_ = true;
}

}  // namespace zf::testing
