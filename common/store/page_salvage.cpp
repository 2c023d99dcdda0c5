// The formats of the file and of the log are those of https://www.sqlite.org/fileformat2.html.
#include "common/store/page_salvage.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <span>
#include <string_view>

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t log_header_bytes = 32, frame_header_bytes = 24;
constexpr std::size_t payload_bytes_max = 16u << 20;
constexpr std::size_t default_page_bytes = 4096;

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = (number << 8) | static_cast<std::uint8_t>(byte);
    return number;
}

/// Reads on from the front of some bytes; what is not there reads as nothing.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    std::optional<std::uint64_t> varint() {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 9 && i < rest_.size(); ++i) {
            const auto byte = static_cast<std::uint8_t>(rest_[i]);
            if (i == 8) {
                rest_.remove_prefix(9);
                return (number << 8) | byte;
            }
            number = (number << 7) | (byte & 0x7fu);
            if ((byte & 0x80u) == 0) {
                rest_.remove_prefix(i + 1);
                return number;
            }
        }
        return std::nullopt;
    }
    std::optional<std::string_view> take(std::size_t count) {
        if (count > rest_.size()) return std::nullopt;
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::int64_t signed_integer(std::string_view bytes) {
    std::uint64_t number = big_endian(bytes);
    const std::size_t bits = bytes.size() * 8;
    if (bits < 64 && (number >> (bits - 1)) != 0) number |= ~std::uint64_t{0} << bits;
    return static_cast<std::int64_t>(number);
}

std::optional<SalvagedCell> read_cell(std::uint64_t type, Reader& body) {
    SalvagedCell cell;
    if (type == 0) return cell;
    if (type <= 6 || type == 8 || type == 9) {
        constexpr std::size_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};
        const auto bytes = body.take(sizes[type]);
        if (!bytes) return std::nullopt;
        cell.kind = SalvagedCell::Kind::integer;
        cell.integer = type == 8 ? 0 : type == 9 ? 1 : signed_integer(*bytes);
        return cell;
    }
    if (type < 12) return std::nullopt;  // a floating-point number, or nothing that exists
    const auto bytes = body.take((type - 12) / 2);
    if (!bytes) return std::nullopt;
    cell.kind = SalvagedCell::Kind::bytes;
    cell.bytes = std::string(*bytes);
    return cell;
}

std::optional<std::vector<SalvagedCell>> read_record(std::string_view payload) {
    Reader whole(payload);
    const auto header_bytes = whole.varint();
    if (!header_bytes || *header_bytes > payload.size() || *header_bytes == 0) return std::nullopt;
    Reader header(payload.substr(0, *header_bytes));
    header.varint();
    Reader body(payload.substr(*header_bytes));
    std::vector<SalvagedCell> cells;
    while (!header.at_end()) {
        const auto type = header.varint();
        auto cell = type ? read_cell(*type, body) : std::nullopt;
        if (!cell) return std::nullopt;
        cells.push_back(std::move(*cell));
    }
    return cells;
}

/// The pages of the file, and of the log beside it.
class Pages {
public:
    explicit Pages(const fs::path& file)
        : file_(file, std::ios::binary), log_(log_of(file), std::ios::binary) {
        std::error_code error;
        file_bytes_ = fs::file_size(file, error);
        if (error) file_bytes_ = 0;
        log_bytes_ = fs::file_size(log_of(file), error);
        if (error) log_bytes_ = 0;
        find_page_size();
        for (std::size_t i = 0; i < frames(); ++i) {
            newest_[big_endian(read(log_, frame_at(i), 4))] = i;
        }
    }

    static fs::path log_of(fs::path file) { return file += "-wal"; }

    [[nodiscard]] bool is_readable() const { return file_.is_open(); }
    [[nodiscard]] std::size_t page_bytes() const { return page_bytes_; }
    [[nodiscard]] std::size_t count() const {
        return (file_bytes_ + page_bytes_ - 1) / page_bytes_;
    }
    [[nodiscard]] std::size_t frames() const {
        if (log_bytes_ < log_header_bytes) return 0;
        return (log_bytes_ - log_header_bytes) / (frame_header_bytes + page_bytes_);
    }

    /// Numbers count from 1.
    std::string page(std::uint64_t number) {
        if (number == 0 || number > count()) return {};
        return read(file_, (number - 1) * page_bytes_, page_bytes_);
    }
    std::string frame(std::size_t index) {
        return read(log_, frame_at(index) + frame_header_bytes, page_bytes_);
    }
    std::uint64_t page_of_frame(std::size_t index) {
        return big_endian(read(log_, frame_at(index), 4));
    }
    /// As the log has it last, or else as the file has it.
    std::string newest(std::uint64_t number) {
        const auto entry = newest_.find(number);
        return entry == newest_.end() ? page(number) : frame(entry->second);
    }

private:
    static std::string read(std::ifstream& in, std::size_t offset, std::size_t bytes) {
        std::string content(bytes, '\0');
        in.clear();
        in.seekg(static_cast<std::streamoff>(offset));
        in.read(content.data(), static_cast<std::streamsize>(bytes));
        content.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
        return content;
    }
    [[nodiscard]] std::size_t frame_at(std::size_t index) const {
        return log_header_bytes + index * (frame_header_bytes + page_bytes_);
    }
    void find_page_size() {
        page_bytes_ = default_page_bytes;
        const std::string head = read(file_, 0, 18);
        if (!head.starts_with(std::string_view("SQLite format 3", 16)) || head.size() < 18) return;
        const auto size = static_cast<std::size_t>(big_endian(std::string_view(head).substr(16)));
        if (size >= 512 && (size & (size - 1)) == 0) page_bytes_ = size;
    }

    std::ifstream file_, log_;
    std::size_t file_bytes_ = 0, log_bytes_ = 0, page_bytes_ = 0;
    std::map<std::uint64_t, std::size_t> newest_;
};

class Salvage {
public:
    Salvage(Pages& pages, const TakeRow& take) : pages_(pages), take_(take) {}

    void run() {
        for (std::uint64_t number = 1; number <= pages_.count(); ++number) {
            read_page(pages_.page(number), number == 1);
        }
        for (std::size_t i = 0; i < pages_.frames(); ++i) {
            read_page(pages_.frame(i), pages_.page_of_frame(i) == 1);
        }
    }

private:
    enum PageType : std::uint8_t { index_inside = 2, index_leaf = 10, table_leaf = 13 };

    void read_page(std::string_view page, bool is_first) {
        const std::size_t head = is_first ? 100 : 0;
        if (page.size() < head + 12) return;
        const auto type = static_cast<std::uint8_t>(page[head]);
        if (type != index_inside && type != index_leaf && type != table_leaf) return;
        const std::size_t pointers = head + (type == index_inside ? 12 : 8);
        const auto cells = static_cast<std::size_t>(big_endian(page.substr(head + 3, 2)));
        for (std::size_t i = 0; i < cells; ++i) {
            const std::size_t at = pointers + 2 * i;
            if (at + 2 > page.size()) return;
            const auto start = static_cast<std::size_t>(big_endian(page.substr(at, 2)));
            if (start >= page.size()) continue;
            read_row(page.substr(start), type);
        }
    }

    void read_row(std::string_view cell, std::uint8_t type) {
        Reader reader(cell);
        if (type == index_inside) reader.take(4);
        const auto payload_bytes = reader.varint();
        if (!payload_bytes || *payload_bytes > payload_bytes_max) return;
        SalvagedRow row;
        if (type == table_leaf) {
            const auto rowid = reader.varint();
            if (!rowid) return;
            row.rowid = static_cast<std::int64_t>(*rowid);
        }
        const auto total = static_cast<std::size_t>(*payload_bytes);
        const auto local = reader.take(local_bytes(total, type));
        if (!local) return;
        if (local->size() == total) {
            offer(std::move(row), *local);
            return;
        }
        const auto first = reader.take(4);
        if (!first) return;
        for (const bool with_log : {true, false}) {
            const std::string payload =
                std::string(*local) + overflow(big_endian(*first), total - local->size(), with_log);
            if (payload.size() == total && offer(row, payload)) return;
        }
    }

    bool offer(SalvagedRow row, std::string_view payload) {
        auto cells = read_record(payload);
        if (!cells) return false;
        row.cells = std::move(*cells);
        return take_(row);
    }

    /// How much of a payload lies in its own page.
    [[nodiscard]] std::size_t local_bytes(std::size_t total, std::uint8_t type) const {
        const std::size_t usable = pages_.page_bytes();
        const std::size_t most = type == table_leaf ? usable - 35 : (usable - 12) * 64 / 255 - 23;
        if (total <= most) return total;
        const std::size_t least = (usable - 12) * 32 / 255 - 23;
        const std::size_t wanted = least + (total - least) % (usable - 4);
        return wanted <= most ? wanted : least;
    }

    std::string overflow(std::uint64_t number, std::size_t bytes, bool with_log) {
        std::string content;
        while (content.size() < bytes && number != 0) {
            const std::string page = with_log ? pages_.newest(number) : pages_.page(number);
            if (page.size() < 5) break;
            content += page.substr(4, std::min(page.size() - 4, bytes - content.size()));
            number = big_endian(std::string_view(page).substr(0, 4));
        }
        return content;
    }

    Pages& pages_;
    const TakeRow& take_;
};

}  // namespace

Result<void> salvage_rows(const fs::path& file, const TakeRow& take) {
    Pages pages(file);
    if (!pages.is_readable()) {
        return fail(ErrorCode::not_found, "this file is not here, or cannot be read",
                    file.string());
    }
    Salvage(pages, take).run();
    return {};
}

}  // namespace zf
