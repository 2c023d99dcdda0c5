// init, accounts, enrolment codes and devices.
#include <ostream>

#include "common/base/date.h"
#include "common/codec/invitation.h"
#include "server/administer.h"
#include "server/commands.h"
#include "server/store/keys.h"

namespace zf {
namespace {

List text_list(const std::vector<std::string>& texts) {
    List list;
    for (const std::string& text : texts) list.emplace_back(text);
    return list;
}

Value user_value(const User& user) {
    Value value;
    value.set("user", user.name);
    value.set("role", name_of(user.role));
    value.set("areas", text_list(user.areas));
    value.set("disabled", user.disabled);
    return value;
}

/// Null when it is not known where laptops reach the server.
Value invitation_for(const Invocation& invocation, CentralStore& store, const std::string& code) {
    const std::string address =
        invocation.line.value("--address", serving_address(invocation.line.data).value_or(""));
    // One that stands for every address of the machine leads nowhere from a laptop.
    const bool is_any = address.find("//0.0.0.0") != std::string::npos ||
                        address.find("//[::]") != std::string::npos;
    if (address.empty() || is_any) return {};
    return invitation_text({address, code, store.keys().bureau.public_key().hex()});
}

}  // namespace

Result<int> run_init(const Invocation& invocation) {
    const std::string admin = invocation.line.value("--admin", "admin");
    if (invocation.line.has("--recover")) {
        ZF_CHECK(bring_back_bureau_key(invocation.line.data, invocation.line.value("--recover")));
    }
    const auto made = CentralStore::create(invocation.line.data, admin, invocation.env);
    if (!made) return fail(made.error());
    Value answer;
    answer.set("admin", made->admin);
    answer.set("password", made->password);
    answer.set("pin", made->pin);
    print_json(invocation.out, answer);
    if (invocation.line.has("--recover")) {
        invocation.messages
            << "zoufang-server: the bureau is open again with the key that its laptops know. Run "
               "`serve`; each laptop's next sync brings back what it holds: people, devices, "
               "forms, records, reviews, attachments. Look through `user list` and `device list` "
               "then: who was disabled or revoked last may be back.\n";
    } else {
        invocation.messages
            << "zoufang-server: print `zoufang-server bureau-key` now and keep the sheet in a "
               "safe: with it a lost server is rebuilt from the laptops, and without it they "
               "trust no other server.\n";
    }
    return 0;
}

Result<int> run_bureau_key(const Invocation& invocation) {
    const auto paper = bureau_key_on_paper(invocation.line.data);
    if (!paper) return fail(paper.error());
    invocation.out << *paper;
    invocation.messages << "zoufang-server: whoever has this key can pretend to be the bureau.\n";
    return 0;
}

Result<int> run_user_add(const Invocation& invocation) {
    const auto role = parse_role(invocation.line.value("--role"));
    if (!role) {
        return wrong_usage("The role should be staff, section_head, leader or admin.", "--role");
    }
    User user{invocation.line.words[0], *role, {}, false};
    const auto areas = invocation.line.options.find("--area");
    if (areas != invocation.line.options.end()) user.areas = areas->second;
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto added = add_user(**store, user);
    if (!added) return fail(added.error());
    Value answer;
    answer.set("user", added->user);
    answer.set("password", added->password);
    print_json(invocation.out, answer);
    return 0;
}

Result<int> run_user_change(const Invocation& invocation) {
    const CommandLine& line = invocation.line;
    const std::string& name = line.words[0];
    if (line.has("--area") && line.has("--everywhere")) {
        return wrong_usage("Give areas with --area, or --everywhere, not both.", "--everywhere");
    }
    if (!line.has("--role") && !line.has("--area") && !line.has("--everywhere")) {
        return wrong_usage("Say what changes: --role, --area or --everywhere.", name);
    }
    const auto role = line.has("--role") ? parse_role(line.value("--role")) : std::nullopt;
    if (line.has("--role") && !role) {
        return wrong_usage("The role should be staff, section_head, leader or admin.", "--role");
    }
    const auto store = CentralStore::open(line.data, invocation.env);
    if (!store) return fail(store.error());
    std::optional<std::vector<std::string>> areas;
    if (line.has("--area")) areas = line.options.find("--area")->second;
    if (line.has("--everywhere")) areas.emplace();
    const auto user = change_user(**store, name, role, areas);
    if (!user) return fail(user.error());
    print_json(invocation.out, user_value(*user));
    return 0;
}

Result<int> run_user_list(const Invocation& invocation) {
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto held = (*store)->lock();
    List list;
    for (const User& user : (*store)->bureau().users()) list.push_back(user_value(user));
    print_json(invocation.out, std::move(list));
    return 0;
}

Result<int> run_user_disable(const Invocation& invocation) {
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const std::string& name = invocation.line.words[0];
    ZF_CHECK(disable_user(**store, name));
    Value answer;
    answer.set("user", name);
    answer.set("disabled", true);
    print_json(invocation.out, answer);
    return 0;
}

Result<int> run_enrol_code(const Invocation& invocation) {
    if (!invocation.line.has("--user")) {
        return wrong_usage("Say for whom with --user NAME.", "--user");
    }
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto code = make_enrol_code(**store, invocation.line.value("--user"));
    if (!code) return fail(code.error());
    Value answer;
    answer.set("code", code->code);
    answer.set("invitation", invitation_for(invocation, **store, code->code));
    answer.set("expires", datetime_text(code->expires_ms, bureau_offset_minutes));
    print_json(invocation.out, answer);
    return 0;
}

Result<int> run_device_list(const Invocation& invocation) {
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto held = (*store)->lock();
    List list;
    for (const Device& device : (*store)->bureau().devices()) {
        Value one;
        one.set("device", device.id.hex());
        one.set("name", device.name);
        one.set("users", text_list(device.users));
        one.set("revoked", device.revoked);
        if (device.succeeds) one.set("succeeds", device.succeeds->hex());
        one.set("changesets", (*store)->log().head_of(device.id).seq);
        list.push_back(std::move(one));
    }
    print_json(invocation.out, std::move(list));
    return 0;
}

Result<int> run_device_revoke(const Invocation& invocation) {
    const auto id = parse_device_id(invocation.line.words[0]);
    if (!id) {
        return wrong_usage("A device id has 32 hex digits; see `device list`.",
                           invocation.line.words[0]);
    }
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    ZF_CHECK(revoke_device(**store, *id));
    Value answer;
    answer.set("device", id->hex());
    answer.set("revoked", true);
    const std::vector<std::string> successors = successors_of(**store, *id);
    answer.set("successors", text_list(successors));
    print_json(invocation.out, answer);
    if (!successors.empty()) {
        invocation.messages
            << "zoufang-server: this device's folder was copied or put back at some time, and its "
               "key vouched for the devices named as successors. They are not revoked; if the "
               "laptop was stolen, look through them in `device list` and revoke them too.\n";
    }
    return 0;
}

}  // namespace zf
