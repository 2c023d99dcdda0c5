#include "client/image/image_jpeg.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// Needs stdio before it.
#include <jpeglib.h>

#include "client/image/image_limits.h"
#include "common/base/assert.h"

namespace zf {
namespace {

constexpr unsigned app1_bytes_max = 65'533;
/// A progressive file may say the same again and again: so many passes are honest.
constexpr int scans_max = 100;

/// libjpeg ends a function by calling error_exit, which must not return: longjmp it is. So whatever
/// stands between a setjmp and the library has no destructor.
struct Trouble {
    jpeg_error_mgr manager;
    std::jmp_buf back;
    char message[JMSG_LENGTH_MAX];
    bool gave_up;
};

[[noreturn]] void leave(j_common_ptr codec) {
    auto* trouble = reinterpret_cast<Trouble*>(codec->err);
    trouble->manager.format_message(codec, trouble->message);
    std::longjmp(trouble->back, 1);
}

void keep_quiet(j_common_ptr) {}
void count_warning(j_common_ptr codec, int level) {
    if (level < 0) ++codec->err->num_warnings;
}

struct Watch {
    jpeg_progress_mgr manager;
    const GiveUp* gives_up;
};

void look_up(j_common_ptr codec) {
    auto* decoder = reinterpret_cast<j_decompress_ptr>(codec);
    auto* trouble = reinterpret_cast<Trouble*>(codec->err);
    const auto* watch = reinterpret_cast<const Watch*>(codec->progress);
    const bool is_cancelled = *watch->gives_up && (*watch->gives_up)();
    if (!is_cancelled && decoder->input_scan_number <= scans_max) return;
    trouble->gave_up = is_cancelled;
    std::snprintf(trouble->message, sizeof trouble->message, "%s",
                  is_cancelled ? "cancelled" : "too many passes");
    std::longjmp(trouble->back, 1);
}

/// A decoder over bytes in memory. Its steps return false when the library gave up.
class Decoder {
public:
    explicit Decoder(std::string_view bytes, const GiveUp& gives_up) : bytes_(bytes) {
        codec_.err = jpeg_std_error(&trouble_.manager);
        trouble_.manager.error_exit = leave;
        trouble_.manager.output_message = keep_quiet;
        trouble_.manager.emit_message = count_warning;
        watch_.manager.progress_monitor = look_up;
        watch_.gives_up = &gives_up;
    }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    ~Decoder() { jpeg_destroy_decompress(&codec_); }

    bool read_header() {
        if (setjmp(trouble_.back) != 0) return false;
        jpeg_create_decompress(&codec_);
        codec_.progress = &watch_.manager;
        jpeg_mem_src(&codec_, reinterpret_cast<const unsigned char*>(bytes_.data()),
                     static_cast<unsigned long>(bytes_.size()));
        jpeg_save_markers(&codec_, JPEG_APP0 + 1, app1_bytes_max);
        return jpeg_read_header(&codec_, TRUE) == JPEG_HEADER_OK;
    }
    /// Eighths of the size, 1 to 8.
    bool start(unsigned eighths) {
        if (setjmp(trouble_.back) != 0) return false;
        codec_.scale_num = eighths;
        codec_.scale_denom = 8;
        const bool is_print = codec_.jpeg_color_space == JCS_CMYK ||  // inks, as printers have it
                              codec_.jpeg_color_space == JCS_YCCK;
        codec_.out_color_space = is_print ? JCS_CMYK : JCS_EXT_RGBA;
        codec_.dct_method = JDCT_ISLOW;
        return jpeg_start_decompress(&codec_) == TRUE;
    }
    bool read_rows(std::uint8_t* rgba) {
        if (setjmp(trouble_.back) != 0) return false;
        const std::size_t row_bytes = std::size_t{codec_.output_width} * 4;
        while (codec_.output_scanline < codec_.output_height) {
            JSAMPROW row = rgba + row_bytes * codec_.output_scanline;
            if (jpeg_read_scanlines(&codec_, &row, 1) != 1) return false;
        }
        return true;
    }

    [[nodiscard]] const jpeg_decompress_struct& codec() const { return codec_; }
    [[nodiscard]] Unexpected what_happened() const {
        if (trouble_.gave_up) return fail(ErrorCode::interrupted, "the picture was not needed");
        return fail(ErrorCode::malformed,
                    "this JPEG picture cannot be read: " + std::string(trouble_.message));
    }

private:
    std::string_view bytes_;
    jpeg_decompress_struct codec_{};
    Trouble trouble_{};
    Watch watch_{};
};

Result<void> check_size(const jpeg_decompress_struct& codec) {
    const std::int64_t pixels = std::int64_t{codec.image_width} * codec.image_height;
    // A progressive one is held in memory as a whole, whatever size is asked for.
    const std::int64_t most = jpeg_has_multiple_scans(const_cast<j_decompress_ptr>(&codec)) != FALSE
                                  ? progressive_pixels_max
                                  : image_pixels_max;
    if (pixels > 0 && pixels <= most) return {};
    return too_many_pixels(codec.image_width, codec.image_height, most);
}

/// Inks as Adobe writes them (255 is none) to RGBA, in place.
void mix_inks(std::vector<std::uint8_t>& pixels, bool is_inverted) {
    for (std::size_t i = 0; i + 3 < pixels.size(); i += 4) {
        std::uint8_t* pixel = &pixels[i];
        const auto light = [&](int ink) {
            return static_cast<unsigned>(is_inverted ? pixel[ink] : 255 - pixel[ink]);
        };
        const unsigned black = light(3);
        for (int part = 0; part < 3; ++part) {
            pixel[part] = static_cast<std::uint8_t>(light(part) * black / 255);
        }
        pixel[3] = 255;
    }
}

/// An encoder into memory.
class Encoder {
public:
    explicit Encoder() {
        codec_.err = jpeg_std_error(&trouble_.manager);
        trouble_.manager.error_exit = leave;
        trouble_.manager.output_message = keep_quiet;
    }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
    ~Encoder() {
        jpeg_destroy_compress(&codec_);
        std::free(out_);
    }

    /// `row`: room for one row of RGB.
    bool write(const Pixels& pixels, int quality, std::string_view exif, std::uint8_t* row) {
        if (setjmp(trouble_.back) != 0) return false;
        jpeg_create_compress(&codec_);
        jpeg_mem_dest(&codec_, &out_, &out_bytes_);
        codec_.image_width = static_cast<JDIMENSION>(pixels.width);
        codec_.image_height = static_cast<JDIMENSION>(pixels.height);
        codec_.input_components = 3;
        codec_.in_color_space = JCS_RGB;
        jpeg_set_defaults(&codec_);
        jpeg_set_quality(&codec_, quality, TRUE);
        codec_.optimize_coding = TRUE;
        jpeg_start_compress(&codec_, TRUE);
        if (!exif.empty()) {
            jpeg_write_marker(&codec_, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(exif.data()),
                              static_cast<unsigned>(exif.size()));
        }
        for (int y = 0; y < pixels.height; ++y) {
            flatten(pixels, y, row);
            if (jpeg_write_scanlines(&codec_, &row, 1) != 1) return false;
        }
        jpeg_finish_compress(&codec_);
        return true;
    }
    [[nodiscard]] std::string_view written() const {
        return {reinterpret_cast<const char*>(out_), out_bytes_};
    }

private:
    static void flatten(const Pixels& pixels, int y, std::uint8_t* row) {
        const std::uint8_t* from = pixels.rgba.data() + pixel_bytes(pixels.width, y);
        for (int x = 0; x < pixels.width; ++x, from += 4, row += 3) {
            for (int part = 0; part < 3; ++part) {
                row[part] = static_cast<std::uint8_t>(
                    (from[part] * from[3] + 255 * (255 - from[3]) + 127) / 255);
            }
        }
    }

    jpeg_compress_struct codec_{};
    Trouble trouble_{};
    unsigned char* out_ = nullptr;
    unsigned long out_bytes_ = 0;
};

}  // namespace

Result<JpegHeader> read_jpeg_header(std::string_view bytes) {
    const GiveUp never;
    Decoder decoder(bytes, never);
    if (!decoder.read_header()) return decoder.what_happened();
    ZF_CHECK(check_size(decoder.codec()));
    JpegHeader header;
    header.width = static_cast<int>(decoder.codec().image_width);
    header.height = static_cast<int>(decoder.codec().image_height);
    constexpr std::string_view exif_mark("Exif\0\0", 6);
    for (auto* marker = decoder.codec().marker_list; marker; marker = marker->next) {
        const std::string_view content(reinterpret_cast<const char*>(marker->data),
                                       marker->data_length);
        if (header.exif.empty() && content.starts_with(exif_mark)) header.exif = content;
    }
    return header;
}

Result<Pixels> decode_jpeg(std::string_view bytes, int side_wanted, const GiveUp& gives_up) {
    Decoder decoder(bytes, gives_up);
    if (!decoder.read_header()) return decoder.what_happened();
    const jpeg_decompress_struct& codec = decoder.codec();
    ZF_CHECK(check_size(codec));
    const std::int64_t longer = std::max(codec.image_width, codec.image_height);
    const std::int64_t eighths = (std::int64_t{side_wanted} * 8 + longer - 1) / longer;
    if (!decoder.start(static_cast<unsigned>(std::clamp<std::int64_t>(eighths, 1, 8)))) {
        return decoder.what_happened();
    }
    Pixels pixels{static_cast<int>(codec.output_width), static_cast<int>(codec.output_height), {}};
    const std::size_t bytes_wanted = pixel_bytes(pixels.width, pixels.height);
    if (bytes_wanted > decoded_bytes_max) {
        return too_many_pixels(codec.output_width, codec.output_height,
                               static_cast<std::int64_t>(decoded_bytes_max / 4));
    }
    pixels.rgba.resize(bytes_wanted);
    if (!decoder.read_rows(pixels.rgba.data())) return decoder.what_happened();
    if (codec.out_color_space == JCS_CMYK) mix_inks(pixels.rgba, codec.saw_Adobe_marker != FALSE);
    return pixels;
}

std::string encode_jpeg(const Pixels& pixels, int quality, std::string_view exif) {
    ZF_ASSERT(pixels.width > 0 && pixels.width <= JPEG_MAX_DIMENSION);
    ZF_ASSERT(pixels.height > 0 && pixels.height <= JPEG_MAX_DIMENSION);
    ZF_ASSERT(exif.size() <= app1_bytes_max);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(pixels.width) * 3);
    Encoder encoder;
    ZF_ASSERT(encoder.write(pixels, quality, exif, row.data()));
    return std::string(encoder.written());
}

}  // namespace zf
