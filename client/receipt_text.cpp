#include "client/receipt_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace zf {
namespace {

struct Reason {
    std::string_view code;
    LocalText text;
};

const std::array<Reason, 4>& reasons() {
    static const std::array<Reason, 4> all{{
        {"device_revoked",
         {"本机已被局里停用；请联系管理员重新登记。已保存的内容都在，局里已收到",
          "本機已被局裡停用；請聯絡管理員重新登記。已儲存的內容都在，局裡已收到",
          "the bureau has revoked this laptop; ask the administrator. The save is kept there"}},
        {"unknown_user",
         {"局里没有这个账号；管理员建立账号后自动生效",
          "局裡沒有這個帳號；管理員建立帳號後自動生效",
          "the bureau has no such account; it takes effect by itself once the administrator has "
          "made it"}},
        {"not_allowed",
         {"权限不够；管理员调整账号的角色或片区后自动生效",
          "權限不足；管理員調整帳號的角色或片區後自動生效",
          "the account may not do this; it takes effect by itself once the administrator has "
          "changed its role, areas or devices"}},
        {"unknown_form",
         {"局里还没有这张表或这个版本；下发后自动生效",
          "局裡還沒有這張表或這個版本；下發後自動生效",
          "the bureau does not have this form, or this version of it, yet; it takes effect by "
          "itself once it has"}},
    }};
    return all;
}

struct ShortfallText {
    Shortfall what;
    LocalText text;
};

const std::array<ShortfallText, 6>& shortfalls() {
    static const std::array<ShortfallText, 6> all{{
        {Shortfall::drafts,
         {"#份草稿还没有保存；请打开填完并保存，或放弃",
          "#份草稿還沒有儲存；請開啟填完並儲存，或放棄",
          "unsaved drafts: # (open them, then save or discard them)"}},
        {Shortfall::not_sent,
         {"#次保存还没有发出；有网络时同步（zoufang sync），或导出数据包带回局里",
          "#次儲存還沒有送出；有網路時同步（zoufang sync），或匯出資料包帶回局裡",
          "unsent saves: # (run `zoufang sync` where there is a network, or carry the file of "
          "`zoufang bundle export` to the bureau)"}},
        {Shortfall::not_compared,
         {"#次保存已发出，但还没有与局里的核对；请再同步一次",
          "#次儲存已送出，但還沒有與局裡的核對；請再同步一次",
          "saves sent and not yet compared with what the bureau holds: # (sync once more)"}},
        {Shortfall::waiting,
         {"#次保存已在局里，但还没有生效；原因见下", "#次儲存已在局裡，但還沒有生效；原因見下",
          "saves at the bureau without effect yet: # (for the reasons given)"}},
        {Shortfall::attachment_not_sent,
         {"#个附件还没有发到局里；请同步，附件在文字之后发送",
          "#個附件還沒有送到局裡；請同步，附件在文字之後傳送",
          "unsent attachments: # (sync; they follow the text)"}},
        {Shortfall::attachment_gone,
         {"#个附件本机没有，局里也没有确认；请同步，仍缺就运行 zoufang repair",
          "#個附件本機沒有，局裡也沒有確認；請同步，仍缺就執行 zoufang repair",
          "attachments neither here nor known to be at the bureau: # (sync, and run `zoufang "
          "repair` if they are missing still)"}},
    }};
    return all;
}

/// The text with the number in the place of its '#'.
std::string filled(std::string text, std::int64_t count) {
    const std::size_t place = text.find('#');
    return place == text.npos ? text : text.replace(place, 1, std::to_string(count));
}

LocalText with_detail(const LocalText& text, const std::string& detail) {
    if (detail.empty()) return text;
    return {text.zh_hans + "（" + detail + "）", text.zh_hant + "（" + detail + "）",
            text.en + " (" + detail + ")"};
}

/// A period as people say it; programs call it "2008H1".
LocalText words_of_period(const std::string& name) {
    const auto dots = name.find("..");
    if (dots != name.npos) {
        const std::string to = name.substr(0, dots) + "至" + name.substr(dots + 2);
        return {to, to, name.substr(0, dots) + " to " + name.substr(dots + 2)};
    }
    const std::string year = name.substr(0, 4) + "年",
                      part = name.substr(std::min<std::size_t>(4, name.size()));
    if (part == "H1") return {year + "上半年", year + "上半年", name};
    if (part == "H2") return {year + "下半年", year + "下半年", name};
    if (part.starts_with("Q")) {
        return {year + "第" + part.substr(1) + "季度", year + "第" + part.substr(1) + "季", name};
    }
    if (part.starts_with("-")) {
        const std::string month = part.substr(part[1] == '0' ? 2 : 1) + "月";
        return {year + month, year + month, name};
    }
    return {year, year, name};
}

}  // namespace

LocalText words_of(const CountedIn& counted) {
    const LocalText period = words_of_period(counted.period);
    const std::string number = std::to_string(counted.number), day = counted.frozen.text();
    LocalText words{"计入" + period.zh_hans + "第" + number + "号报表，" + day + "定稿",
                    "計入" + period.zh_hant + "第" + number + "號報表，" + day + "定稿",
                    "counted in report " + number + " of " + period.en + ", frozen " + day};
    if (counted.is_current) return words;
    return {words.zh_hans + "；之后审定的改动未计入", words.zh_hant + "；之後審定的改動未計入",
            words.en + ", without what was approved since"};
}

LocalText words_of(const NotApplied& waiting) {
    if (waiting.standing == "held") {
        return {"它所依据的一次较早的保存在局里还没有生效或还没有到；那次生效后它自动生效",
                "它所依據的一次較早的儲存在局裡還沒有生效或還沒有到；那次生效後它自動生效",
                "it builds on an earlier save that is kept back at the bureau itself, or has not "
                "reached it; it takes effect by itself after that one"};
    }
    for (const Reason& reason : reasons()) {
        if (reason.code == waiting.code) return with_detail(reason.text, waiting.detail);
    }
    // A newer server may have a reason that this program does not know.
    return with_detail({"局里暂时保留", "局裡暫時保留", "the bureau keeps it back"},
                       waiting.detail);
}

LocalText words_of(const Missing& missing) {
    for (const ShortfallText& one : shortfalls()) {
        if (one.what != missing.what) continue;
        return {filled(one.text.zh_hans, missing.count), filled(one.text.zh_hant, missing.count),
                filled(one.text.en, missing.count)};
    }
    return {};
}

LocalText sum_of(const Reconciliation& account) {
    const std::string day = account.day.text();
    if (account.receipts.saves.saved == 0 && account.missing.empty()) {
        return {day + " 本机没有填写任何内容", day + " 本機沒有填寫任何內容",
                "nothing was written here on " + day};
    }
    if (account.missing.empty()) {
        return {day + " 的内容已全部在局里", day + " 的內容已全部在局裡",
                "everything of " + day + " is with the bureau"};
    }
    LocalText sum{day + " 的内容没有全部到位：", day + " 的內容沒有全部到位：",
                  "not everything of " + day + " is with the bureau: "};
    bool is_first = true;
    for (const Missing& one : account.missing) {
        const LocalText words = words_of(one);
        sum.zh_hans += (is_first ? "" : "；") + words.zh_hans;
        sum.zh_hant += (is_first ? "" : "；") + words.zh_hant;
        sum.en += (is_first ? "" : "; ") + words.en;
        is_first = false;
    }
    return sum;
}

}  // namespace zf
