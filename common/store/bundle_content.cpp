#include "common/store/bundle_content.h"

#include <algorithm>

#include "common/base/private_files.h"
#include "common/codec/json.h"
#include "common/codec/wire.h"
#include "common/codec/zstd_frame.h"
#include "common/store/schema.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t hashes_per_frame = 10'000;
constexpr std::size_t part_head_bytes = 32 + 8 + 8;

void put_number(std::string& out, std::int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((number >> shift) & 0xff));
    }
}

std::int64_t number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t number = 0;
    for (const char c : bytes.substr(at, 8)) number = number << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(number);
}

Unexpected odd_content(const std::string& where) {
    return fail(ErrorCode::malformed,
                "this bundle holds what its format does not know; the program that wrote it is "
                "newer or faulty",
                where);
}

std::string text_of(const Value& value, std::string_view name) {
    const Value* part = value.find(name);
    return part && part->text() ? *part->text() : std::string();
}

}  // namespace

std::string encode_bundle_head(const BundleHead& head) {
    List holds;
    for (const auto& [device, seq] : head.holds)
        holds.emplace_back(List{Value(device), Value(seq)});
    return canonical_text(Value(Members{{"_format", 1},
                                        {"cursor", head.cursor},
                                        {"entries", head.entries},
                                        {"epoch", head.epoch},
                                        {"holds", std::move(holds)},
                                        {"sender", head.sender.bytes},
                                        {"signature", base64_of(head.sender.signature)}}));
}

Result<BundleHead> decode_bundle_head(std::string_view text) {
    const auto json = parse_json(text);
    if (!json) return fail(json.error());
    const Value* format = json->find("_format");
    const Value* cursor = json->find("cursor");
    const Value* entries = json->find("entries");
    const Value* holds = json->find("holds");
    if (!format || !format->integer() || !cursor || !cursor->integer() || !entries ||
        !entries->integer() || !holds || !holds->list()) {
        return odd_content("head");
    }
    if (*format->integer() != 1) {
        return fail(ErrorCode::version_unsupported,
                    "this bundle is of a newer format than this program reads; update the program",
                    "_format");
    }
    BundleHead head;
    head.epoch = text_of(*json, "epoch");
    head.cursor = *cursor->integer();
    head.entries = *entries->integer();
    head.sender.bytes = text_of(*json, "sender");
    head.sender.signature = bytes_of_base64(text_of(*json, "signature")).value_or("");
    for (const Value& pair : *holds->list()) {
        const List* list = pair.list();
        if (!list || list->size() != 2 || !(*list)[0].text() || !(*list)[1].integer()) {
            return odd_content("holds");
        }
        head.holds.emplace_back(*(*list)[0].text(), *(*list)[1].integer());
    }
    return head;
}

std::string frame_name(char kind) {
    const bool is_letter = (kind >= 'A' && kind <= 'Z') || (kind >= 'a' && kind <= 'z');
    return is_letter ? std::string("frame ") + kind
                     : "frame of kind " + std::to_string(static_cast<unsigned char>(kind));
}

std::string encode_blob_part(const BlobPart& part) {
    std::string payload(reinterpret_cast<const char*>(part.hash.bytes.data()),
                        part.hash.bytes.size());
    put_number(payload, part.offset);
    put_number(payload, part.total);
    return payload + compress_frame(part.bytes);
}

Result<BlobPart> decode_blob_part(std::string_view payload) {
    if (payload.size() < part_head_bytes) return odd_content("attachment");
    BlobPart part;
    std::copy_n(payload.begin(), part.hash.bytes.size(), part.hash.bytes.begin());
    part.offset = number_at(payload, 32);
    part.total = number_at(payload, 40);
    auto bytes = decompress_frame(payload.substr(part_head_bytes), BlobStore::chunk_bytes_max);
    if (!bytes) return fail(bytes.error());
    part.bytes = std::move(*bytes);
    if (part.offset < 0 || part.offset > BlobStore::blob_bytes_max || part.total < 0) {
        return odd_content("attachment " + part.hash.hex());
    }
    return part;
}

Result<void> tell_progress(const BundleProgress& progress, std::int64_t bytes) {
    if (!progress || progress(bytes)) return {};
    return fail(ErrorCode::interrupted, "stopped by the user", "bundle");
}

Result<void> add_blob(BundleWriter& writer, const BlobStore& blobs, const Hash256& hash,
                      const BundleProgress& progress) {
    const std::int64_t total = blobs.size_of(hash);
    for (std::int64_t offset = 0;;) {
        auto bytes = blobs.read(hash, offset, BlobStore::chunk_bytes_max);
        if (!bytes) return fail(bytes.error());
        const auto size = static_cast<std::int64_t>(bytes->size());
        ZF_CHECK(writer.add(bundle_kind::blob,
                            encode_blob_part({hash, offset, total, std::move(*bytes)})));
        ZF_CHECK(tell_progress(progress, writer.bytes()));
        offset += size;
        if (offset >= total || size == 0) return {};
    }
}

Result<bool> take_blob_part(BlobStore& blobs, const BlobPart& part) {
    if (blobs.has(part.hash)) return true;
    // An earlier bundle, or the network, may have brought a part of it.
    const std::int64_t have = blobs.partial_size(part.hash);
    const std::int64_t end = part.offset + static_cast<std::int64_t>(part.bytes.size());
    if (part.offset < have && end <= have && end < part.total) return false;
    const std::int64_t from = std::clamp(have, part.offset, end);
    return blobs.append_chunk(
        part.hash, from, part.total,
        std::string_view(part.bytes).substr(static_cast<std::size_t>(from - part.offset)));
}

Result<void> add_hashes(BundleWriter& writer, char kind, const std::vector<Hash256>& hashes) {
    for (std::size_t at = 0; at < hashes.size(); at += hashes_per_frame) {
        std::vector<std::string> names;
        const std::size_t end = std::min(at + hashes_per_frame, hashes.size());
        for (std::size_t i = at; i < end; ++i) names.push_back(hashes[i].hex());
        ZF_CHECK(writer.add(kind, compress_frame(encode_hashes(names))));
    }
    return {};
}

Result<std::vector<Hash256>> read_hashes(std::string_view payload) {
    const auto text = decompress_frame(payload, WireLimits::frame_bytes_max);
    if (!text) return fail(text.error());
    const auto names = decode_hashes(*text);
    if (!names) return fail(names.error());
    std::vector<Hash256> hashes;
    for (const std::string& name : *names) hashes.push_back(*parse_hash256(name));
    return hashes;
}

Value bundle_value(const BundleSummary& summary) {
    Value value(Members{{"from", summary.from.hex()},
                        {"to", summary.to.hex()},
                        {"changesets", summary.changesets},
                        {"repeated", summary.repeated},
                        {"entries", summary.entries},
                        {"attachments", summary.attachments},
                        {"bytes", summary.bytes},
                        {"bytes_resumed", summary.bytes_resumed}});
    List not_applied;
    for (const NotApplied& one : summary.not_applied) {
        not_applied.emplace_back(Members{{"seq", one.seq},
                                         {"standing", one.standing},
                                         {"code", one.code},
                                         {"detail", one.detail}});
    }
    value.set("not_applied", std::move(not_applied));
    List errors;
    for (const Error& error : summary.errors) {
        errors.emplace_back(Members{{"code", Value(facts_of(error.code).slug)},
                                    {"message", error.message},
                                    {"where", error.where}});
    }
    value.set("errors", std::move(errors));
    return value;
}

namespace {

std::string told_fact(const char* what, const DeviceId& who) {
    return "bundle_" + std::string(what) + ":" + who.hex();
}

std::vector<std::string> names_of(const std::vector<Hash256>& hashes) {
    std::vector<std::string> names;
    for (const Hash256& hash : hashes) names.push_back(hash.hex());
    return names;
}

std::vector<Hash256> told_hashes(Db& db, const char* what, const DeviceId& who) {
    std::vector<Hash256> hashes;
    const auto names = decode_hashes(find_fact(db, told_fact(what, who)).value_or(""));
    if (!names) return hashes;
    for (const std::string& name : *names) hashes.push_back(*parse_hash256(name));
    return hashes;
}

}  // namespace

void keep_told(Db& db, const DeviceId& who, const BundleTold& told) {
    set_fact(db, told_fact("told", who), encode_bundle_head(told.head));
    set_fact(db, told_fact("offered", who), encode_hashes(names_of(told.offered)));
    set_fact(db, told_fact("wanted", who), encode_hashes(names_of(told.wanted)));
}

std::optional<BundleTold> find_told(Db& db, const DeviceId& who) {
    auto head = decode_bundle_head(find_fact(db, told_fact("told", who)).value_or(""));
    if (!head) return std::nullopt;
    return BundleTold{std::move(*head), told_hashes(db, "offered", who),
                      told_hashes(db, "wanted", who)};
}

std::string bundle_party(BureauLog& bureau, const DeviceId& id) {
    if (const auto device = bureau.find_device(id)) {
        std::string people;
        for (const std::string& user : device->users) people += (people.empty() ? "" : ", ") + user;
        return "the laptop of " + people + " (" + id.hex() + ")";
    }
    if (bureau.find_key(id)) return "the bureau's server (" + id.hex() + ")";
    return "a device that is not known here (" + id.hex() + ")";
}

namespace {

const KeyPair* own_key(const BundleReaderSide& side, const DeviceId& to) {
    for (const KeyPair* key : side.own) {
        if (device_id_of(key->public_key()) == to) return key;
    }
    return nullptr;
}

Result<BundleSender> find_sender(const BundleReaderSide& side, const BundleHeader& header,
                                 const BundleHead& head) {
    auto identity = read_identity(side.bureau_key, head.sender);
    if (!identity || identity->id != header.from) {
        return fail(ErrorCode::unauthenticated,
                    "this bundle comes from a device that this bureau has not enrolled (" +
                        header.from.hex() + "); ask its owner to enrol it",
                    "sender");
    }
    const auto known = side.bureau.find_device(header.from);
    BundleSender sender{std::move(*identity), {}};
    sender.name = known ? bundle_party(side.bureau, header.from)
                  : sender.identity.is_server
                      ? "the bureau's server (" + header.from.hex() + ")"
                      : "a newly enrolled laptop (" + header.from.hex() + ")";
    if (sender.identity.revoked || (known && known->revoked)) {
        return fail(ErrorCode::device_revoked,
                    "this bundle comes from " + sender.name +
                        ", which the bureau has revoked; nothing of it was taken over",
                    "sender");
    }
    return sender;
}

Result<VerifiedBundle> verify_into(const fs::path& file, const BundleReaderSide& side,
                                   const KeyPair& own, const fs::path& copy,
                                   const BundleProgress& progress) {
    auto reader = BundleReader::open(file, own, copy);
    if (!reader) return fail(reader.error());
    VerifiedBundle verified;
    verified.header = reader->header();
    verified.copy = copy;
    bool is_first = true;
    for (;;) {
        auto frame = reader->next();
        if (!frame) return fail(frame.error());
        if (!frame->has_value()) break;
        if (is_first) {
            if ((*frame)->kind != bundle_kind::head) return odd_content("head");
            auto head = decode_bundle_head((*frame)->payload);
            if (!head) return fail(head.error());
            verified.head = std::move(*head);
            auto sender = find_sender(side, verified.header, verified.head);
            if (!sender) return fail(sender.error());
            verified.sender = std::move(*sender);
            is_first = false;
        }
        ZF_CHECK(tell_progress(progress, reader->bytes()));
    }
    if (is_first) return odd_content("head");
    if (!reader->is_signed_by(verified.sender.identity.key)) {
        return fail(ErrorCode::bad_signature,
                    "this bundle is not signed by " + verified.sender.name +
                        ", from whom it claims to come",
                    "sender");
    }
    verified.bytes = reader->bytes();
    verified.bytes_resumed = reader->bytes_resumed();
    return verified;
}

}  // namespace

Result<VerifiedBundle> verify_bundle(const fs::path& file, const BundleReaderSide& side,
                                     const BundleProgress& progress) {
    const auto header = read_bundle_header(file);
    if (!header) return fail(header.error());
    const KeyPair* own = own_key(side, header->to);
    if (!own) {
        const DeviceId self = device_id_of(side.own.front()->public_key());
        return fail(ErrorCode::not_allowed,
                    "this bundle is for " + bundle_party(side.bureau, header->to) +
                        " and can be read only there; here is " + self.hex(),
                    file.string());
    }
    ZF_CHECK(make_private_folder(side.incoming));
    const fs::path copy = side.incoming / (header->bundle.text() + ".part");
    auto verified = verify_into(file, side, *own, copy, progress);
    if (!verified && verified.error().code != ErrorCode::interrupted) {
        std::error_code ignored;
        fs::remove(copy, ignored);
    }
    return verified;
}

Result<void> each_frame(const VerifiedBundle& bundle, const BundleReaderSide& side,
                        const std::function<Result<void>(BundleFrame&&)>& visit) {
    auto reader = BundleReader::open(bundle.copy, *own_key(side, bundle.header.to));
    if (!reader) return fail(reader.error());
    for (bool is_first = true;; is_first = false) {
        auto frame = reader->next();
        if (!frame) return fail(frame.error());
        if (!frame->has_value()) return {};
        if (!is_first) ZF_CHECK(visit(std::move(**frame)));
    }
}

}  // namespace zf
