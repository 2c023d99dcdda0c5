// The way of a new laptop into its bureau, step by step: what was typed or pasted, the bureau's key
// to compare when no pin was given, enrolling, the first fetch. Long steps run on the worker. Knows
// no drawing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "client/app/bureau_line.h"
#include "client/app/worker.h"
#include "client/device_store.h"
#include "common/base/error.h"

namespace zf {

class Enrolment {
public:
    enum class Stage : std::uint8_t {
        filling,
        asking,     // the server is asked for its key
        comparing,  // the person compares that key
        enrolling,
        fetching,  // enrolled; forms and records come
        done,
    };

    Enrolment(DeviceStore& store, Worker& worker);

    // What stands in the boxes.
    std::string invitation, server_url, code, pin, device_name;
    /// `invitation` has changed: its parts go into the other boxes. False when it holds none.
    bool take_invitation();

    [[nodiscard]] Stage stage() const { return stage_; }
    [[nodiscard]] bool is_busy() const;
    /// How far the step at hand is: changesets fetched.
    [[nodiscard]] std::int64_t fetched() const;
    /// Why the last step did not come to its end; nothing while all goes well.
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    /// The key to compare, as hex, while comparing.
    [[nodiscard]] const std::string& learned_key() const { return learned_key_; }
    /// Enrolled, but the forms are not here yet.
    [[nodiscard]] bool lacks_forms() const;

    /// From filling: on to the next step. What is missing is an error at once.
    void start();
    /// From comparing: the keys are the same.
    void confirm_key();
    /// From anywhere but `done`: back to the boxes. What the server has answered already stays.
    void cancel();
    /// Once more for the forms of an enrolled laptop.
    void fetch();

private:
    void ask_key();
    void enrol();
    void end_step(Stage stage, std::optional<Error> error);
    std::shared_ptr<BureauLine> begin_step(Stage stage);

    DeviceStore& store_;
    Worker& worker_;
    Stage stage_ = Stage::filling;
    std::optional<Error> error_;
    std::string learned_key_;
    std::shared_ptr<BureauLine> line_;  // of the job at hand
};

}  // namespace zf
