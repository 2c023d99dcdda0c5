// What an enrolled laptop may put into a bundle for the server, line by line:
//   C {...}, A {...}    changesets as in fuzz_api, collected into one push frame
//   -                   ends the push frame
//   Q {...}, W {...}    lists of hashes      p ...   the text of a push frame as it is
//   B offset total ...  part of an attachment, named by the hash of the rest of the line
//   H ...               the head as it is; a proper one comes first when there is none
//   any other letter    a frame of that kind with the rest of the line
// They are sealed and signed, and imported. The store stays sound, importing again changes nothing,
// and something can be exported to the laptop afterwards.
#include <charconv>

#include "common/codec/zstd_frame.h"
#include "server/bundle.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/small_bureau.h"

namespace {

using zf::testing::SmallBureau;

struct Frame {
    char kind;
    std::string payload;
};

std::string own_head(SmallBureau& bureau) {
    zf::BundleHead head;
    head.epoch = bureau.store().epoch();
    head.sender = *bureau.store().bureau().entry_of(zf::device_id_of(bureau.own.public_key()));
    return zf::encode_bundle_head(head);
}

std::string blob_part(std::string_view line) {
    zf::BlobPart part;
    for (std::int64_t* number : {&part.offset, &part.total}) {
        const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), *number);
        line.remove_prefix(static_cast<std::size_t>(end - line.data()));
        if (line.starts_with(' ')) line.remove_prefix(1);
    }
    part.bytes = line;
    part.hash = zf::sha256(line);
    return zf::encode_blob_part(part);
}

std::vector<Frame> frames_of(SmallBureau& bureau, std::string_view bytes) {
    std::vector<Frame> frames;
    std::string push_lines;
    const auto end_push = [&] {
        if (push_lines.empty()) return;
        frames.push_back({'P', encode_push(bureau.push_of(push_lines))});
        push_lines.clear();
    };
    if (!bytes.starts_with('H')) frames.push_back({'H', own_head(bureau)});
    for (const std::string_view line : zf::testing::lines_of(bytes)) {
        if (line.starts_with("C ") || line.starts_with("A ")) {
            push_lines += std::string(line) + "\n";
            continue;
        }
        end_push();
        if (line.size() < 2) continue;
        const std::string_view rest = line.substr(2);
        switch (line[0]) {
            case 'Q':
            case 'W':
                frames.push_back({line[0], zf::compress_frame(rest)});
                break;
            case 'p':
                frames.push_back({'P', zf::compress_frame(rest)});
                break;
            case 'B':
                frames.push_back({'B', blob_part(rest)});
                break;
            case 'Z':  // the writer's own last frame
                break;
            default:
                frames.push_back({line[0], std::string(rest)});
        }
    }
    end_push();
    return frames;
}

void write_bundle(SmallBureau& bureau, const std::filesystem::path& file,
                  const std::vector<Frame>& frames) {
    auto writer = zf::BundleWriter::create(file, bureau.own,
                                           bureau.store().keys().server.public_key(), bureau.env);
    ZF_ASSERT(writer.has_value());
    for (const Frame& frame : frames) {
        ZF_ASSERT(writer->add(frame.kind, frame.payload).has_value());
    }
    ZF_ASSERT(writer->finish().has_value());
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    static SmallBureau bureau;
    CentralStore& store = bureau.begin();
    const std::filesystem::path file = bureau.folder() / "bundle";
    write_bundle(bureau, file, frames_of(bureau, bytes));
    const auto taken = import_bundle(store, file);
    bureau.check_soundness();
    const auto answer =
        export_bundle(store, bureau.folder() / "answer", device_id_of(bureau.own.public_key()));
    ZF_ASSERT(answer.has_value());
    if (!taken) {
        check_refusal(taken.error());
        return Verdict::refused;
    }
    for (const Error& error : taken->errors) check_refusal(error);
    const std::string after = bureau.state();
    const auto again = import_bundle(store, file);
    ZF_ASSERT(again.has_value() && again->changesets == 0 && again->attachments == 0);
    ZF_ASSERT(bureau.state() == after);
    return Verdict::accepted;
}
