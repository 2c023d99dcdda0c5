// A laptop with the shipped forms and a few records to refer to, and the program on it without a
// window. `restart` is a kill: nothing is told to anybody before.
#pragma once

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "client/ui/screens.h"
#include "tests/ui/headless.h"
#include "tests/unit/client/device_world.h"

namespace zf::testing {

inline std::string shipped(const std::string& name) {
    std::ifstream file(std::string(ZF_SOURCE_DIR) + "/common/data/" + name, std::ios::binary);
    REQUIRE_MESSAGE(file.good(), name);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

class FillWorld {
public:
    explicit FillWorld(Language language = Language::zh_hans, ui::Theme theme = {},
                       float width = 1366, float height = 768)
        : laptop(bureau, 77), language_(language), theme_(theme), width_(width), height_(height) {
        Transaction transaction(laptop.store->db());
        laptop.distribute(shipped("forms.json"));
        laptop.store->bureau().put_catalog(bureau.key, "indicators",
                                           json(shipped("indicators.json")), start_ms);
        transaction.commit();
        begin();
    }

    /// Ends everything as kill -9 does and starts again.
    void restart() {
        screens.reset();
        ui.reset();
        laptop.open();
        begin();
    }

    std::string create(const std::string& form, const std::string& set) {
        return laptop.create(form, set);
    }

    TestBureau bureau;
    Laptop laptop;
    std::unique_ptr<Settings> settings;
    std::unique_ptr<Headless> ui;
    std::unique_ptr<ui::Screens> screens;
    ui::Shell* shell = nullptr;  // of `screens`
    ui::FillScreen* fill = nullptr;

private:
    void begin() {
        settings = std::make_unique<Settings>(laptop.store->home());
        ui = std::make_unique<Headless>(language_, theme_, width_, height_);
        screens = std::make_unique<ui::Screens>(*laptop.store, ui->kit(), *settings, ui->textures(),
                                                nullptr);
        shell = &screens->shell();
        fill = &screens->fill();
        shell->go("form");
        ui->show([this] { screens->show(); });
    }

    Language language_;
    ui::Theme theme_;
    float width_, height_;
};

inline std::string lines_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

/// Errors and warnings at the boxes, as "path: text" of the language in force, one a line.
inline std::string remarks_of(ui::FillScreen& fill, Language language) {
    std::string text;
    for (const auto& remark : fill.current()->remarks()) {
        text +=
            (remark.message.level == Level::error ? "error " : "warning ") + remark.path + ": " +
            (remark.message.key.empty() ? remark.message.text.in(language) : remark.message.key) +
            "\n";
    }
    return text;
}

/// Throws the draft away that is open: by a second press when something was entered.
inline void discard(Headless& ui) {
    ui.click("action.discard");
    if (ui.has("action.discard")) ui.click("action.discard");
}

}  // namespace zf::testing
