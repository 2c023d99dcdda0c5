// The boxes of photos and files in a form that is filled in: added by the file browser, by drop or
// by paste, copied on a worker, photos made smaller for the road as chosen; what a photo can say
// for the form is offered. Draws; what is done to files is client/app/photo_copy.h.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/app/fill_form.h"
#include "client/app/photo_copy.h"
#include "client/ui/desk.h"

namespace zf::ui {

class FillFiles {
public:
    /// `current`: the form that is open, if one is.
    FillFiles(const Desk& desk, std::function<FillForm*()> current);

    /// One frame of the box.
    void show(FillForm& form, FillBox& box, const std::string& label, float width);
    /// Files that were dropped on the window: to the box that was used last, or the first in sight.
    void drop(FillForm& form, const std::vector<std::filesystem::path>& files);
    /// Whether files are still being copied for this draft.
    [[nodiscard]] bool is_adding_to(const Uuid& draft) const;
    /// What can be taken over from the photos of a box; drawn below it.
    void show_offers(FillForm& form, const FillBox& box,
                     const std::function<std::string(const FillBox&, const Value&)>& in_words);

private:
    struct Adding {
        Uuid draft;
        std::string path;                 // of the box
        std::vector<Hash256> instead_of;  // what goes when it is there
    };

    void add(FillForm& form, FillBox& box, const std::vector<std::filesystem::path>& files);
    void copy(Adding adding, const std::filesystem::path& file, bool is_photo, PhotoKeep keep);
    void take(const Adding& adding, const std::string& name, const Result<AddedFile>& added);
    bool show_file(FillForm& form, FillBox& box, const Hash256& hash, std::size_t at, float width);
    void show_choice(FillForm& form, FillBox& box, const Hash256& hash, const std::string& key);
    void show_buttons(FillForm& form, FillBox& box, float width);
    [[nodiscard]] std::string told_of(const Hash256& hash, std::size_t at);
    [[nodiscard]] std::vector<Option> keep_options() const;

    DeviceStore& store_;
    Kit& kit_;
    Ways& ways_;
    Worker& worker_;
    Thumbnails& thumbnails_;
    std::function<FillForm*()> current_;
    std::vector<Adding> adding_;
    std::map<Hash256, std::shared_ptr<const AddedFile>> added_;  // in this run, by what is kept
    std::map<Hash256, std::string> names_;
    std::string last_box_;  // path of the box that was used last
};

}  // namespace zf::ui
