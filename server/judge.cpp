#include "server/judge.h"

#include <algorithm>

#include "server/authorize.h"

namespace zf {
namespace {

/// The verb of one op written on a laptop; nothing for a review, which is not written there.
std::optional<Verb> verb_of(const Op& op, bool is_new) {
    if (op.field == field_status) {
        const bool is_intent = op.value && op.value->text() && *op.value->text() == "submitted";
        if (!is_intent) return std::nullopt;
        return Verb::submit;
    }
    if (op.field == field_void || op.field == field_void_reason) return Verb::voiding;
    if (op.field == field_alias) return Verb::join;
    return is_new ? Verb::create : Verb::edit;
}

}  // namespace

const Judge::Author& Judge::author_of(const Changeset& changeset) {
    auto [entry, is_new] = authors_.try_emplace({changeset.device, changeset.user});
    if (is_new) {
        entry->second.device = bureau_.find_device(changeset.device);
        entry->second.user = bureau_.find_user(changeset.user);
    }
    return entry->second;
}

bool Judge::depends_on_areas(const Changeset& changeset) {
    const Author& author = author_of(changeset);
    return author.device && author.user && !author.user->areas.empty();
}

std::optional<ParkReason> Judge::judge(const Changeset& changeset) {
    const Author& author = author_of(changeset);
    // Enrolled devices and the server's own identities are all that has a key here.
    if (!author.device) return std::nullopt;
    if (auto reason = judge_author(author, changeset)) return reason;
    if (auto reason = judge_forms(changeset)) return reason;
    return judge_ops(*author.user, changeset);
}

std::optional<ParkReason> Judge::judge_author(const Author& author,
                                              const Changeset& changeset) const {
    if (author.device->revoked) {
        return ParkReason{"device_revoked", "the device was revoked by the bureau"};
    }
    if (!author.user) {
        return ParkReason{"unknown_user", "there is no account " + changeset.user};
    }
    const std::vector<std::string>& users = author.device->users;
    if (std::find(users.begin(), users.end(), changeset.user) == users.end()) {
        return ParkReason{"not_allowed", changeset.user + " is not enrolled on this device"};
    }
    if (author.user->disabled) {
        return ParkReason{"not_allowed", "the account " + changeset.user + " is disabled"};
    }
    return std::nullopt;
}

std::optional<ParkReason> Judge::judge_forms(const Changeset& changeset) const {
    for (const TouchedRecord& touched : changeset.records) {
        const Form* form = log_.forms().find(touched.form);
        if (!form) {
            return ParkReason{"unknown_form", "there is no form " + touched.form + " here"};
        }
        if (touched.form_version > form->version) {
            return ParkReason{"unknown_form", "version " + std::to_string(touched.form_version) +
                                                  " of form " + touched.form +
                                                  " is newer than the one in force, " +
                                                  std::to_string(form->version)};
        }
    }
    return std::nullopt;
}

std::optional<ParkReason> Judge::judge_ops(const User& user, const Changeset& changeset) {
    std::vector<std::string> areas{std::string()};
    if (!user.areas.empty()) areas = log_.areas_touched(changeset);
    for (const Op& op : changeset.ops) {
        const TouchedRecord& touched = changeset.records[static_cast<std::size_t>(op.record)];
        const std::optional<Verb> verb = verb_of(op, touched.parents.empty());
        if (!verb) {
            return ParkReason{"not_allowed", "reviews are written on the server, not on a laptop"};
        }
        for (const std::string& area : areas) {
            if (can(user, *verb, {area, {}})) continue;
            const bool is_role = !can(user, *verb, {});
            return ParkReason{
                "not_allowed",
                is_role ? "the role " + std::string(name_of(user.role)) + " may not do this"
                        : "the area " + area + " is not one of " + user.name + "'s"};
        }
    }
    return std::nullopt;
}

std::int64_t release_parked(BureauLog& bureau, ChangeLog& log) {
    if (log.counts().parked == 0) return 0;
    Judge judge(bureau, log);
    return log.release_parked([&](const Changeset& changeset) { return judge.judge(changeset); })
        .applied;
}

}  // namespace zf
