#include "common/codec/wire.h"

#include <array>
#include <charconv>

#include "common/base/ids.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/json.h"
#include "common/codec/zstd_frame.h"

namespace zf {
namespace {

/// Reads members of a message; remembers the first that is missing or of another type.
class Reader {
public:
    explicit Reader(std::string_view body) {
        auto json = parse_json(body, {32, WireLimits::frame_bytes_max});
        if (json && json->members()) {
            json_ = std::move(*json);
        } else {
            error_ =
                json ? Error{ErrorCode::malformed, "a JSON object is expected", ""} : json.error();
        }
    }

    std::string text(std::string_view name, bool required = true) {
        const Value* value = json_.find(name);
        if (value && value->text()) return *value->text();
        if (required || (value && !value->is_null())) note(name, "a text is expected");
        return {};
    }
    std::int64_t integer(std::string_view name, bool required = true) {
        const Value* value = json_.find(name);
        if (value && value->integer()) return *value->integer();
        if (required || (value && !value->is_null())) note(name, "an integer is expected");
        return 0;
    }
    bool boolean(std::string_view name) {
        const Value* value = json_.find(name);
        if (value && value->boolean()) return *value->boolean();
        note(name, "true or false is expected");
        return false;
    }
    const List& list(std::string_view name, bool required = true) {
        static const List empty;
        const Value* value = json_.find(name);
        if (value && value->list()) return *value->list();
        if (required || (value && !value->is_null())) note(name, "a list is expected");
        return empty;
    }
    void note(std::string_view name, const std::string& message) {
        if (!error_) error_ = Error{ErrorCode::malformed, message, std::string(name)};
    }

    template <class Message>
    Result<Message> done(Message message) {
        if (error_) return fail(*error_);
        return message;
    }

private:
    Value json_;
    std::optional<Error> error_;
};

Value not_applied_value(const std::vector<NotApplied>& all) {
    List list;
    for (const NotApplied& one : all) {
        list.emplace_back(Members{{"code", one.code},
                                  {"detail", one.detail},
                                  {"seq", one.seq},
                                  {"standing", one.standing}});
    }
    return Value(std::move(list));
}

std::vector<NotApplied> read_not_applied(Reader& reader) {
    std::vector<NotApplied> all;
    for (const Value& entry : reader.list("not_applied", false)) {
        const auto text = [&](std::string_view name) {
            const Value* value = entry.find(name);
            return value && value->text() ? *value->text() : std::string();
        };
        const Value* seq = entry.find("seq");
        if (!seq || !seq->integer()) {
            reader.note("not_applied", "an entry with its seq is expected");
            break;
        }
        all.push_back({*seq->integer(), text("standing"), text("code"), text("detail")});
    }
    return all;
}

// ---- frames --------------------------------------------------------------------------------

/// Lines of a frame; each ends in a line feed.
class Lines {
public:
    explicit Lines(std::string_view text) : text_(text) {}
    bool next(std::string_view& line) {
        const std::size_t end = text_.find('\n', at_);
        if (end == std::string_view::npos) return false;
        line = text_.substr(at_, end - at_);
        at_ = end + 1;
        ++number_;
        return true;
    }
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] std::string place() const { return "line " + std::to_string(number_); }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    int number_ = 0;
};

/// Takes the next word off the front of a line.
std::string_view take_word(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

Unexpected bad_line(const Lines& lines) {
    return fail(ErrorCode::malformed, "this line of the frame is not what the protocol says",
                lines.place());
}

std::string frame_head(const std::string& epoch) {
    return canonical_text(Value(Members{{"_format", 1}, {"epoch", epoch}})) + "\n";
}

Result<std::string> read_head(Lines& lines) {
    std::string_view line;
    if (!lines.next(line)) {
        return fail(ErrorCode::malformed, "the frame is cut off; send it again", "frame");
    }
    Reader reader(line);
    const std::int64_t format = reader.integer("_format");
    auto epoch = reader.done(reader.text("epoch"));
    if (epoch && format != 1) {
        return fail(ErrorCode::version_unsupported,
                    "only frame format 1 is known here; update the program", "_format");
    }
    return epoch;
}

std::optional<std::string> read_signature(std::string_view word) {
    auto bytes = bytes_of_base64(word);
    if (!bytes || bytes->size() != 64) return std::nullopt;
    return bytes;
}

std::optional<std::int64_t> read_number(std::string_view word) {
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (code != std::errc() || end != word.data() + word.size() || number < 1) return std::nullopt;
    if (word.front() == '0') return std::nullopt;  // one number, one text
    return number;
}

std::string trailer_text(const PullTrailer& trailer) {
    List delivered;
    for (const auto& [device, seq] : trailer.delivered) {
        delivered.emplace_back(List{Value(device), Value(seq)});
    }
    Value value(Members{{"cursor", trailer.cursor},
                        {"delivered", std::move(delivered)},
                        {"entries", trailer.entries},
                        {"more", trailer.more},
                        {"not_applied", not_applied_value(trailer.not_applied)}});
    if (!trailer.lacking.empty()) {
        List lacking;
        for (const std::string& hash : trailer.lacking) lacking.emplace_back(hash);
        value.set("lacking", std::move(lacking));
    }
    return canonical_text(value);
}

Result<PullTrailer> read_trailer(std::string_view text) {
    Reader reader(text);
    PullTrailer trailer;
    trailer.cursor = reader.integer("cursor");
    trailer.entries = reader.integer("entries");
    trailer.more = reader.boolean("more");
    for (const Value& pair : reader.list("delivered")) {
        const List* list = pair.list();
        if (!list || list->size() != 2 || !(*list)[0].text() || !(*list)[1].integer()) {
            reader.note("delivered", "pairs of device and seq are expected");
            break;
        }
        trailer.delivered.emplace_back(*(*list)[0].text(), *(*list)[1].integer());
    }
    trailer.not_applied = read_not_applied(reader);
    for (const Value& hash : reader.list("lacking", false)) {
        if (hash.text()) trailer.lacking.push_back(*hash.text());
    }
    return reader.done(std::move(trailer));
}

}  // namespace

std::string authorization_header(std::string_view device, std::string_view challenge,
                                 std::string_view signature) {
    return "Zoufang " + std::string(device) + "." + std::string(challenge) + "." +
           base64_of(signature);
}

std::string encode_enrol_request(const EnrolRequest& message) {
    return canonical_text(Value(Members{{"code", message.code},
                                        {"name", message.name},
                                        {"public_key", message.public_key},
                                        {"signature", message.signature}}));
}

Result<EnrolRequest> decode_enrol_request(std::string_view body) {
    Reader reader(body);
    EnrolRequest message{reader.text("code"), reader.text("public_key"), reader.text("name", false),
                         reader.text("signature")};
    return reader.done(std::move(message));
}

std::string encode_enrol_answer(const EnrolAnswer& message) {
    return canonical_text(Value(Members{{"bureau_key", message.bureau_key},
                                        {"device", message.device},
                                        {"epoch", message.epoch},
                                        {"user", message.user}}));
}

Result<EnrolAnswer> decode_enrol_answer(std::string_view body) {
    Reader reader(body);
    EnrolAnswer message{reader.text("device"), reader.text("user"), reader.text("bureau_key"),
                        reader.text("epoch")};
    return reader.done(std::move(message));
}

std::string encode_session_request(const SessionRequest& message) {
    return canonical_text(Value(Members{{"clock_ms", message.clock_ms},
                                        {"device", message.device},
                                        {"head_hash", message.head_hash},
                                        {"head_seq", message.head_seq}}));
}

Result<SessionRequest> decode_session_request(std::string_view body) {
    Reader reader(body);
    SessionRequest message{reader.text("device"), reader.integer("head_seq"),
                           reader.text("head_hash"), reader.integer("clock_ms", false)};
    return reader.done(std::move(message));
}

std::string encode_session_answer(const SessionAnswer& message) {
    return canonical_text(Value(Members{{"acknowledged_hash", message.acknowledged_hash},
                                        {"acknowledged_seq", message.acknowledged_seq},
                                        {"challenge", message.challenge},
                                        {"epoch", message.epoch},
                                        {"hash_at_head", message.hash_at_head},
                                        {"last_entry", message.last_entry},
                                        {"server_ms", message.server_ms},
                                        {"ssn", message.ssn}}));
}

Result<SessionAnswer> decode_session_answer(std::string_view body) {
    Reader reader(body);
    SessionAnswer message;
    message.challenge = reader.text("challenge");
    message.epoch = reader.text("epoch");
    message.acknowledged_seq = reader.integer("acknowledged_seq");
    message.acknowledged_hash = reader.text("acknowledged_hash", false);
    message.hash_at_head = reader.text("hash_at_head", false);
    message.server_ms = reader.integer("server_ms");
    message.last_entry = reader.integer("last_entry");
    message.ssn = reader.integer("ssn");
    return reader.done(std::move(message));
}

std::string encode_push(const PushRequest& message) {
    std::string text = frame_head(message.epoch);
    for (std::size_t i = 0; i < message.changesets.size(); ++i) {
        const SignedChangeset& one = message.changesets[i];
        text += message.once_applied.contains(i) ? "A " : "C ";
        text += base64_of(one.signature) + " " + one.bytes + "\n";
    }
    return compress_frame(text);
}

Result<PushRequest> decode_push(std::string_view body) {
    auto text = decompress_frame(body, WireLimits::frame_bytes_max);
    if (!text) return fail(text.error());
    Lines lines(*text);
    auto epoch = read_head(lines);
    if (!epoch) return fail(epoch.error());
    PushRequest message{std::move(*epoch), {}, {}};
    std::string_view line;
    while (lines.next(line)) {
        const std::string_view kind = take_word(line);
        auto signature = read_signature(take_word(line));
        if ((kind != "C" && kind != "A") || !signature) return bad_line(lines);
        if (message.changesets.size() == WireLimits::push_changesets_max) {
            return fail(ErrorCode::too_large, "at most 1000 changesets go into one push",
                        lines.place());
        }
        if (kind == "A") message.once_applied.insert(message.changesets.size());
        message.changesets.push_back({std::string(line), std::move(*signature)});
    }
    if (!lines.at_end()) return fail(ErrorCode::malformed, "the last line is cut off", "frame");
    return message;
}

std::string encode_push_answer(const PushAnswer& message) {
    return canonical_text(Value(Members{{"acknowledged_hash", message.acknowledged_hash},
                                        {"acknowledged_seq", message.acknowledged_seq},
                                        {"not_applied", not_applied_value(message.not_applied)},
                                        {"received", message.received},
                                        {"repeated", message.repeated}}));
}

Result<PushAnswer> decode_push_answer(std::string_view body) {
    Reader reader(body);
    PushAnswer message;
    message.acknowledged_hash = reader.text("acknowledged_hash", false);
    message.acknowledged_seq = reader.integer("acknowledged_seq");
    message.received = reader.integer("received");
    message.repeated = reader.integer("repeated");
    message.not_applied = read_not_applied(reader);
    return reader.done(std::move(message));
}

std::string encode_pull(const PullAnswer& message) {
    std::string text = frame_head(message.epoch);
    for (const PulledEntry& entry : message.entries) {
        text += "E " + base64_of(entry.signature) + " " + entry.bytes + "\n";
    }
    for (const std::string& record : message.dropped) text += "D " + record + "\n";
    for (const PulledChangeset& one : message.changesets) {
        text += "C " + std::to_string(one.ssn) + " " + base64_of(one.signed_changeset.signature) +
                " " + one.signed_changeset.bytes + "\n";
    }
    text += "T " + trailer_text(message.trailer) + "\n";
    return compress_frame(text);
}

Result<PullAnswer> decode_pull(std::string_view body) {
    // A page may hold one large changeset or entry beyond the usual size of a page.
    auto text = decompress_frame(body, 4 * WireLimits::frame_bytes_max);
    if (!text) return fail(text.error());
    Lines lines(*text);
    auto epoch = read_head(lines);
    if (!epoch) return fail(epoch.error());
    PullAnswer message;
    message.epoch = std::move(*epoch);
    std::string_view line;
    bool complete = false;
    while (!complete && lines.next(line)) {
        const std::string_view kind = take_word(line);
        if (kind == "E") {
            auto signature = read_signature(take_word(line));
            if (!signature) return bad_line(lines);
            message.entries.push_back({std::string(line), std::move(*signature)});
        } else if (kind == "D") {
            if (!parse_uuid(line)) return bad_line(lines);
            message.dropped.emplace_back(line);
        } else if (kind == "C") {
            const auto ssn = read_number(take_word(line));
            auto signature = read_signature(take_word(line));
            if (!ssn || !signature) return bad_line(lines);
            message.changesets.push_back({*ssn, {std::string(line), std::move(*signature)}});
        } else if (kind == "T") {
            auto trailer = read_trailer(line);
            if (!trailer) return fail(trailer.error());
            message.trailer = std::move(*trailer);
            complete = true;
        } else {
            return bad_line(lines);
        }
    }
    if (!complete) {
        return fail(ErrorCode::interrupted, "the answer was cut off; sync again", "frame");
    }
    if (!lines.at_end()) return bad_line(lines);
    return message;
}

std::string encode_hashes(const std::vector<std::string>& hashes) {
    List list;
    for (const std::string& hash : hashes) list.emplace_back(hash);
    return canonical_text(Value(Members{{"hashes", std::move(list)}}));
}

Result<std::vector<std::string>> decode_hashes(std::string_view body) {
    Reader reader(body);
    std::vector<std::string> hashes;
    for (const Value& hash : reader.list("hashes")) {
        if (!hash.text() || !parse_hash256(*hash.text())) {
            reader.note("hashes", "64 hex digits are expected");
            break;
        }
        hashes.push_back(*hash.text());
    }
    return reader.done(std::move(hashes));
}

std::string encode_missing(const std::vector<MissingBlob>& blobs) {
    List list;
    for (const MissingBlob& blob : blobs) {
        list.emplace_back(Members{{"hash", blob.hash}, {"received", blob.received}});
    }
    return canonical_text(Value(Members{{"missing", std::move(list)}}));
}

Result<std::vector<MissingBlob>> decode_missing(std::string_view body) {
    Reader reader(body);
    std::vector<MissingBlob> blobs;
    for (const Value& blob : reader.list("missing")) {
        const Value* hash = blob.find("hash");
        const Value* received = blob.find("received");
        if (!hash || !hash->text() || !received || !received->integer()) {
            reader.note("missing", "hash and received are expected");
            break;
        }
        blobs.push_back({*hash->text(), *received->integer()});
    }
    return reader.done(std::move(blobs));
}

std::string encode_error(const Error& error) {
    Value answer(Members{{"error", Value(Members{{"code", Value(facts_of(error.code).slug)},
                                                 {"message", error.message},
                                                 {"where", error.where}})}});
    if (error.code == ErrorCode::version_unsupported) {
        answer.set("speaks", Value(Members{{"max", protocol_version}, {"min", protocol_version}}));
    }
    return canonical_text(answer);
}

Error decode_error(std::string_view body, int http_status) {
    const auto json = parse_json(body);
    const Value* error = json ? json->find("error") : nullptr;
    const Value* code = error ? error->find("code") : nullptr;
    if (!code || !code->text()) {
        return {ErrorCode::unreachable,
                "the server answered with status " + std::to_string(http_status) +
                    " and no reason; is this address a Zoufang server?",
                ""};
    }
    const auto text = [&](std::string_view name) {
        const Value* value = error->find(name);
        return value && value->text() ? *value->text() : std::string();
    };
    Error decoded{error_code_of(*code->text()), text("message"), text("where")};
    if (decoded.code != ErrorCode::version_unsupported) return decoded;
    const Value* speaks = json->find("speaks");
    const Value* newest = speaks ? speaks->find("max") : nullptr;
    const bool server_is_older =
        newest && newest->integer() && *newest->integer() < protocol_version;
    decoded.message = server_is_older
                          ? "the bureau's server is older than this program and must be updated; "
                            "what was saved here stays and is sent then"
                          : "this program is too old for the bureau's server and must be updated; "
                            "what was saved here stays and is sent then";
    return decoded;
}

}  // namespace zf
