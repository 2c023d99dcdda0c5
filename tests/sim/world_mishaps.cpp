// What befalls people: clocks, crashes, power cuts, copied and lost disks, backups put back.
#include <algorithm>

#include "common/base/assert.h"
#include "common/codec/wire.h"
#include "server/backup.h"
#include "server/store/keys.h"
#include "tests/sim/world.h"

namespace zf::sim {

namespace fs = std::filesystem;

void World::befall(Person& person) {
    switch (mishap_) {
        case Mishap::none:
            return restart(person);
        case Mishap::power:
            return pick(3) == 0 ? lose_server_power(person) : lose_power(person);
        case Mishap::copied_laptops:
            if (!person.copy) return set_copy_aside(person);
            return pick(2) == 0 && people_.size() < 6 ? clone(person) : put_copy_back(person);
        case Mishap::server_put_back:
            return has_backup_ && pick(2) == 0 ? put_server_back() : back_up_server();
        case Mishap::server_lost:
            return pick(3) == 0 ? rebuild_server() : restart(person);
    }
}

void World::restart(Person& person) {
    count("restarts");
    if (pick(3) == 0) {
        open_server();
        note("the server restarts");
    } else {
        person.laptop->restart();
        note(person.laptop->name() + " restarts");
    }
}

/// The program is exchanged for one that speaks an older or a newer protocol, or for the right one.
/// With another one people go on working; only syncs are refused.
void World::exchange_program(Person& person) {
    if (person.network->speaks_another()) {
        person.network->speak(std::nullopt);
        note(person.laptop->name() + "'s program is the server's again");
    } else {
        person.network->speak(protocol_version + (pick(2) == 0 ? 1 : -1));
        note(person.laptop->name() + "'s program is of another version than the server");
    }
    person.laptop->restart();
    count("other programs");
}

void World::set_clock(Person& person) {
    const std::int64_t right = server_env_.now_ms();
    const std::int64_t clocks[] = {0, year_2099_ms, right, right + 3'600'000};
    person.laptop->env().set_now_ms(clocks[pick(4)]);
    count("clock jumps");
    note(person.laptop->name() + "'s clock jumps");
}

/// The battery falls out in the middle of something. What was said to be done before is there.
void World::lose_power(Person& person) {
    person.disk->cut_power_at(1 + static_cast<std::int64_t>(pick(60)));
    const long saves_before = result_.counts["saves"];
    try {
        for (int i = 0; i < 3; ++i) pick(3) == 0 ? sync(person, 8) : edit(person);
    } catch (const DbError&) {
        if (result_.counts["saves"] == saves_before) count("cut in a save");
    }
    person.disk->cut_power();
    person.laptop->close();
    person.disk->restore_power(testing::CrashingDisk::Loss::random);
    person.laptop->restart();
    count("power cuts");
    note(person.laptop->name() + " lost power");
}

void World::lose_server_power(Person& person) {
    server_disk_->cut_power_at(1 + static_cast<std::int64_t>(pick(60)));
    if (pick(4) == 0) review();
    sync(person, 8);
    server_disk_->cut_power();
    close_server();
    server_disk_->restore_power(testing::CrashingDisk::Loss::random);
    open_server();
    count("server cuts");
    note("the server lost power");
}

void World::set_copy_aside(Person& person) {
    const fs::path aside = person.laptop->folder().string() + ".copy";
    person.laptop->copy_folder(aside);
    person.copy = person.saves;
    count("copies made");
    note(person.laptop->name() + "'s folder is copied");
}

/// The laptop is as it was. What was saved since is gone with the disk, unless it had been sent.
void World::put_copy_back(Person& person) {
    const bool database_only = pick(2) == 0;
    std::set<Hash256> sent;
    for (const SimSave& save : saves_in(store_->log())) sent.insert(save.content);
    for (const SimSave& save : person.saves) {
        if (sent.contains(save.content)) on_server_only_.push_back(save);
    }
    person.laptop->put_back(person.laptop->folder().string() + ".copy", database_only);
    person.saves = *person.copy;
    // Pictures that only the lost disk held are gone too.
    std::erase_if(person.attached, [&](const Hash256& hash) {
        return !person.laptop->blobs().has(hash) && !store_->blobs().has(hash);
    });
    person.open_form.reset();
    count(database_only ? "databases back" : "copies back");
    note(person.laptop->name() + (database_only ? "'s database" : "'s folder") + " is put back");
}

/// A second laptop is made from the copy of the first one. Both go on.
void World::clone(Person& person) {
    Person second;
    second.only_near = person.only_near;
    second.saves = *person.copy;
    const fs::path folder = folder_ / ("clone" + std::to_string(people_.size()));
    fs::copy(person.laptop->folder().string() + ".copy", folder, fs::copy_options::recursive);
    second.laptop = std::make_unique<SimLaptop>(person.laptop->name(), folder,
                                                store_->keys().bureau.public_key(),
                                                dice_.next_u64(), person.laptop->env().now_ms());
    connect(second);
    count("clones");
    note(person.laptop->name() + "'s copy becomes a second laptop");
    people_.push_back(std::move(second));
}

void World::back_up_server() {
    fs::remove_all(folder_ / "backup");
    const auto done = back_up(*store_, folder_ / "backup");
    if (!done) return broken("no backup: " + done.error().message);
    has_backup_ = true;
    note("the server is backed up");
}

void World::put_server_back() {
    close_server();
    const auto done = zf::restore(folder_ / "backup", folder_ / "server", server_env_);
    if (!done) broken("the backup cannot be put back: " + done.error().message);
    open_server();
    count("server back");
    note("the server goes back to its backup");
}

void World::rebuild_server() {
    fs::copy_file(folder_ / "server" / "keys" / "bureau.key", folder_ / "sheet",
                  fs::copy_options::overwrite_existing);
    close_server();
    fs::remove_all(folder_ / "server");
    ZF_ASSERT(bring_back_bureau_key(folder_ / "server", folder_ / "sheet").has_value());
    ZF_ASSERT(CentralStore::create(folder_ / "server", "admin", server_env_).has_value());
    open_server();
    begin_log_anew(*store_);
    // The forms come back with the first laptop; versions go on from there.
    count("server rebuilt");
    note("the server is lost and begins anew");
}

}  // namespace zf::sim
