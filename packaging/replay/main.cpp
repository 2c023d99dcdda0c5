// zf_replay: what packaging/demo runs.
//   zf_replay [--case FILE] [--work DIR] [--json] [--no-window]
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "common/codec/json.h"
#include "common/report/figure_table.h"
#include "packaging/replay/replay.h"
#include "packaging/replay/show_window_linux.h"

namespace {

namespace fs = std::filesystem;
using namespace zf;

struct Options {
    std::optional<fs::path> case_file, work;
    bool json = false, no_window = false;
    std::string mistake;
};

Options read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--json") {
            options.json = true;
        } else if (option == "--no-window") {
            options.no_window = true;
        } else if ((option == "--case" || option == "--work") && i + 1 < argc) {
            (option == "--case" ? options.case_file : options.work) = fs::path(argv[++i]);
        } else {
            options.mistake = option;
            break;
        }
    }
    return options;
}

/// A folder of our own under the one for temporary files, removed at the end.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (fs::temp_directory_path() / "zoufang-demo.XXXXXX").string();
        if (mkdtemp(name.data())) path_ = name;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return in ? text.str() : std::string();
}

int fail_with(const Error& error) {
    std::cerr << "demo: " << error.message;
    if (!error.where.empty()) std::cerr << " [" << error.where << "]";
    std::cerr << "\n";
    return 1;
}

std::string text_of(const Value& value) {
    return value.text() ? *value.text() : canonical_text(value);
}

void print_people(const ReplayResult& result, const std::map<std::string, SourceFigure>& source) {
    SourceTexts texts;
    for (const auto& [id, figure] : source) texts[id] = figure.text;
    std::cout << "\n"
              << figure_table(result.indicators, result.forms, result.figures,
                              TableLanguage::zh_hans, texts)
              << "\n"
              << figure_table(result.indicators, result.forms, result.figures, TableLanguage::en,
                              texts);
    std::cout << "\nConflicts\n";
    for (const ConflictRun& run : result.conflicts) {
        std::cout << "  " << run.seen.record_name << " " << run.seen.field << " (" << run.seen.kind
                  << ")";
        for (std::size_t i = 0; i < run.seen.values.size(); ++i) {
            std::cout << (i == 0 ? ": " : " against ") << text_of(run.seen.values[i]);
        }
        std::cout << (run.open
                          ? ", still open"
                          : ", settled on " + text_of(run.resolved_to) + " by " + run.settled_by)
                  << "\n";
    }
    std::cout << "Entered twice\n";
    for (const auto& [a, b] : result.duplicates) std::cout << "  " << a << " and " << b << "\n";
    const Value& server = *result.json.find("server");
    std::cout << "\n"
              << result.evenings << " evenings, " << text_of(*server.find("changesets"))
              << " changesets, " << text_of(*server.find("records")) << " records, "
              << result.skipped_ops << " entries and " << result.refused_reviews
              << " reviews refused\nverify: " << text_of(*server.find("verify")) << ", state "
              << text_of(*server.find("state")) << "\n";
    for (const Value& device : *result.json.find("devices")->list()) {
        const bool same = *device.find("state") == *server.find("state");
        std::cout << "  " << text_of(*device.find("device")) << ": "
                  << (same ? "the same state" : "ANOTHER STATE") << "\n";
    }
    std::cout << "\nNot in this version yet: the supervisors' console (docs/limits.md).\n";
}

int run(const Options& options) {
    const fs::path case_file = options.case_file.value_or(fs::path(ZF_SAMPLE_CASE));
    const std::string text = read_file(case_file);
    if (text.empty()) {
        return fail_with(
            {ErrorCode::not_found, "the case file cannot be read", case_file.string()});
    }
    const auto json = parse_json(text);
    if (!json) return fail_with(json.error());
    const auto file = decode_case(*json);
    if (!file) return fail_with(file.error());

    const ScratchFolder scratch;
    const fs::path work = options.work ? *options.work : scratch.path();
    fs::create_directories(work);
    const Tell tell = [&](const std::string& line) {
        if (!options.json) std::cout << line << std::endl;
    };
    if (!options.json) {
        std::cout << "Case " << file->case_id << ", period " << file->period << ": "
                  << file->ops.size() << " entries, " << file->reviews.size() << " reviews\n";
    }
    const auto after = [&](Bureau& bureau, const ReplayResult& result) -> Result<void> {
        if (options.json) {
            std::cout << pretty_json(result.json) << std::endl;
            return {};
        }
        print_people(result, decode_source_figures(*json));
        if (options.no_window || !has_display()) return {};
        std::cout << "\nThe window of one of the laptops opens now; its server goes on until you "
                     "close it."
                  << std::endl;
        return show_window(bureau, *file, ZF_CLIENT_PROGRAM);
    };
    const auto result = replay_case(*file, work, tell, after);
    return result ? 0 : fail_with(result.error());
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = read_options(argc, argv);
    if (!options.mistake.empty()) {
        std::cerr << "demo: unknown or incomplete option " << options.mistake
                  << "\nusage: packaging/demo [--case FILE] [--work DIR] [--json] [--no-window]\n";
        return 2;
    }
    try {
        return run(options);
    } catch (const std::exception& broken) {
        return fail_with({ErrorCode::internal, broken.what(), ""});
    }
}
