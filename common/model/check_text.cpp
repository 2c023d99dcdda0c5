#include "common/model/check_text.h"

#include <array>

#include "common/base/assert.h"

namespace zf {
namespace {

struct Wording {
    Finding finding;
    std::string_view code;
    std::string_view zh_hans, zh_hant, en;
};

// In the order of Finding.
constexpr std::array<Wording, 34> wordings{{
    {Finding::required, "required", "请填写“{0}”：此项必填", "請填寫「{0}」：此項必填",
     "Fill in \"{0}\": it is required"},
    {Finding::computed, "computed_field", "此项由程序计算，不能填写；请填写它所依据的项目",
     "此項由程序計算，不能填寫；請填寫它所依據的項目",
     "This field is computed and cannot be set; set the fields that it is computed from"},
    {Finding::unknown_member, "unknown_field", "没有名为“{0}”的项目；可用：{1}",
     "沒有名為「{0}」的項目；可用：{1}", "There is no field \"{0}\" here; there are: {1}"},
    {Finding::not_text, "wrong_type", "应为文字，例如 \"{0}\"", "應為文字，例如 \"{0}\"",
     "Must be text, such as \"{0}\""},
    {Finding::not_utf8, "wrong_type", "文字不是有效的UTF-8编码；请重新输入",
     "文字不是有效的UTF-8編碼；請重新輸入", "The text is not valid UTF-8; enter it again"},
    {Finding::control_character, "wrong_type", "含有控制字符{0}；只允许换行和制表符，请删去",
     "含有控制字符{0}；只允許換行和製表符，請刪去",
     "Holds the control character {0}; only line breaks and tabs are allowed"},
    {Finding::too_long, "too_long", "最多{0}个字，现有{1}个字；请缩短",
     "最多{0}個字，現有{1}個字；請縮短",
     "At most {0} characters are allowed, there are {1}; make it shorter"},
    {Finding::too_many_bytes, "too_large",
     "文字过长：最多65536字节，现有{0}字节；较长的内容请作为附件",
     "文字過長：最多65536字節，現有{0}字節；較長的內容請作為附件",
     "Too long: at most 65536 bytes of text, there are {0}; attach longer content as a file"},
    {Finding::not_integer, "wrong_type", "应为不带引号和小数点的整数，例如 12",
     "應為不帶引號和小數點的整數，例如 12",
     "Must be a whole number without quotation marks, such as 12"},
    {Finding::decimal_as_number, "wrong_type", "小数须写成文字，例如 \"12.5\"，以免失去精度",
     "小數須寫成文字，例如 \"12.5\"，以免失去精度",
     "A decimal must be written as text, such as \"12.5\", so that it stays exact"},
    {Finding::not_decimal, "wrong_type",
     "应为普通写法的数，例如 \"-12.5\"；不用千位分隔符、加号和指数",
     "應為普通寫法的數，例如 \"-12.5\"；不用千位分隔符、加號和指數",
     "Must be a number in plain notation, such as \"-12.5\": no separators, plus sign or exponent"},
    {Finding::too_many_places, "wrong_type", "最多{0}位小数，现有{1}位", "最多{0}位小數，現有{1}位",
     "At most {0} decimal places are allowed, there are {1}"},
    {Finding::too_many_digits, "wrong_type", "小数点前最多{0}位，现有{1}位；请核对单位",
     "小數點前最多{0}位，現有{1}位；請核對單位",
     "At most {0} digits before the point are allowed, there are {1}; check the unit"},
    {Finding::below, "out_of_range", "应不小于{0}，现为{1}；请核对", "應不小於{0}，現為{1}；請核對",
     "Must be at least {0}, but is {1}"},
    {Finding::above, "out_of_range", "应不大于{0}，现为{1}；请核对", "應不大於{0}，現為{1}；請核對",
     "Must be at most {0}, but is {1}"},
    {Finding::outside, "out_of_range", "应在{0}至{1}之间，现为{2}；请核对",
     "應在{0}至{1}之間，現為{2}；請核對", "Must be between {0} and {1}, but is {2}"},
    {Finding::not_boolean, "wrong_type", "应为是或否（true 或 false，不带引号）",
     "應為是或否（true 或 false，不帶引號）", "Must be true or false without quotation marks"},
    {Finding::not_date, "wrong_type", "应为存在的日期，写作 \"2008-05-12\"",
     "應為存在的日期，寫作 \"2008-05-12\"", "Must be a day that exists, written \"2008-05-12\""},
    {Finding::not_month, "wrong_type", "应为月份，写作 \"2008-05\"", "應為月份，寫作 \"2008-05\"",
     "Must be a month, written \"2008-05\""},
    {Finding::not_datetime, "wrong_type", "应为带时区的时间，写作 \"2008-05-12T14:28:00+08:00\"",
     "應為帶時區的時間，寫作 \"2008-05-12T14:28:00+08:00\"",
     "Must be a time with its zone, written \"2008-05-12T14:28:00+08:00\""},
    {Finding::not_choice, "unknown_choice", "选项中没有“{0}”；可选：{1}",
     "選項中沒有「{0}」；可選：{1}", "\"{0}\" is not among the choices: {1}"},
    {Finding::not_list, "wrong_type", "应为文字的列表，例如 [\"{0}\"]",
     "應為文字的列表，例如 [\"{0}\"]", "Must be a list of texts, such as [\"{0}\"]"},
    {Finding::not_rows, "wrong_type", "应为行的列表，例如 [{\"{0}\": …}]",
     "應為行的列表，例如 [{\"{0}\": …}]", "Must be a list of rows, such as [{\"{0}\": ...}]"},
    {Finding::not_row, "wrong_type", "每一行应为对象，例如 {\"{0}\": …}",
     "每一行應為對象，例如 {\"{0}\": …}", "Each row must be an object, such as {\"{0}\": ...}"},
    {Finding::not_record_id, "wrong_type", "应为小写的UUID，例如 \"{0}\"；请从列表中选取",
     "應為小寫的UUID，例如 \"{0}\"；請從列表中選取",
     "Must be a UUID in lower case, such as \"{0}\"; pick the record from the list"},
    {Finding::row_twice, "wrong_type", "同一行编号{0}出现两次；新行不要填写 _row",
     "同一行編號{0}出現兩次；新行不要填寫 _row",
     "The row {0} is given twice; leave _row out of new rows"},
    {Finding::not_blob, "wrong_type", "应为附件的SHA-256（64位小写十六进制）；请先添加附件",
     "應為附件的SHA-256（64位小寫十六進制）；請先添加附件",
     "Must be an attachment's SHA-256 in 64 lower-case hex digits; attach the file first"},
    {Finding::empty_element, "wrong_type", "列表中有空项；请删去", "列表中有空項；請刪去",
     "An element of the list is empty; leave it out"},
    {Finding::not_geopoint, "wrong_type",
     "应为 {\"lat\": \"31.56\", \"lon\": \"107.10\"}，可加 \"accuracy_m\"，不得有其他成员",
     "應為 {\"lat\": \"31.56\", \"lon\": \"107.10\"}，可加 \"accuracy_m\"，不得有其他成員",
     "Must be {\"lat\": \"31.56\", \"lon\": \"107.10\"}, if need be with \"accuracy_m\", and "
     "nothing "
     "else"},
    {Finding::not_latitude, "wrong_type", "纬度应为写成文字的度数，在\"-90\"至\"90\"之间",
     "緯度應為寫成文字的度數，在\"-90\"至\"90\"之間",
     "The latitude must be degrees written as text, between \"-90\" and \"90\""},
    {Finding::not_longitude, "wrong_type", "经度应为写成文字的度数，在\"-180\"至\"180\"之间",
     "經度應為寫成文字的度數，在\"-180\"至\"180\"之間",
     "The longitude must be degrees written as text, between \"-180\" and \"180\""},
    {Finding::not_accuracy, "wrong_type", "定位精度应为不小于0的米数，写成文字，例如 \"15\"",
     "定位精度應為不小於0的米數，寫成文字，例如 \"15\"",
     "The accuracy must be metres of at least 0 written as text, such as \"15\""},
    {Finding::bad_check, "bad_code", "{0}", "{0}", "{0}"},
    {Finding::unknown_reference, "unknown_reference",
     "所引用的记录这里还没有或已作废；同步后会自动对上，否则请重新选取",
     "所引用的記錄這裡還沒有或已作廢；同步後會自動對上，否則請重新選取",
     "The record referred to is not here yet or is voided; sync may bring it, else pick another"},
}};

struct CodeWording {
    std::string_view check;
    LocalText text;
};

const std::array<CodeWording, 6>& code_wordings() {
    static const std::array<CodeWording, 6> table{{
        {"uscc18",
         {"不是有效的统一社会信用代码：应为18位大写字母和数字，末位为校验码；请对照证照核对",
          "不是有效的統一社會信用代碼：應為18位大寫字母和數字，末位為校驗碼；請對照證照核對",
          "Not a valid unified social credit code: 18 digits and capital letters, the last one a "
          "check character; compare it with the licence"}},
        {"orgcode9",
         {"不是有效的组织机构代码：应为8位本体代码加1位校验码，例如 12345678-8 "
          "的写法；请对照证书核对",
          "不是有效的組織機構代碼：應為8位本體代碼加1位校驗碼，例如 12345678-8 "
          "的寫法；請對照證書核對",
          "Not a valid organisation code: 8 characters and a check character, written like "
          "12345678-8; compare it with the certificate"}},
        {"regno",
         {"不是有效的营业执照注册号：应为15位数字（末位为校验码）或旧的13位数字；请对照执照核对",
          "不是有效的營業執照註冊號：應為15位數字（末位為校驗碼）或舊的13位數字；請對照執照核對",
          "Not a valid licence number: 15 digits, the last one a check digit, or 13 digits of the "
          "older kind; compare it with the licence"}},
        {"division",
         {"不是有效的行政区划代码：应为6位（县）、9位（乡镇）或12位（村）数字；请从列表中选取",
          "不是有效的行政區劃代碼：應為6位（縣）、9位（鄉鎮）或12位（村）數字；請從列表中選取",
          "Not a valid division code: 6 digits (county), 9 (township) or 12 (village); pick the "
          "place from the list"}},
        {"gbt4754",
         {"不是有效的行业代码：应为门类字母A至T和（或）2至4位数字，例如 C31",
          "不是有效的行業代碼：應為門類字母A至T和（或）2至4位數字，例如 C31",
          "Not a valid industry code: a letter A to T and/or 2 to 4 digits, such as C31"}},
        {"phone",
         {"不是有效的电话号码：应为7至20位数字，可含 + 和 -",
          "不是有效的電話號碼：應為7至20位數字，可含 + 和 -",
          "Not a valid phone number: 7 to 20 characters of digits, + and -"}},
    }};
    return table;
}

std::string fill(std::string_view pattern, const std::vector<LocalText>& parts, Language language) {
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool hole = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}' &&
                          pattern[i + 1] >= '0' && pattern[i + 1] <= '9';
        if (!hole) {
            text += pattern[i];
            continue;
        }
        const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
        ZF_ASSERT(index < parts.size());
        text += parts[index].in(language);
        i += 2;
    }
    return text;
}

const Wording& wording_of(Finding finding) {
    const auto index = static_cast<std::size_t>(finding);
    ZF_ASSERT(index < wordings.size() && wordings[index].finding == finding);
    return wordings[index];
}

}  // namespace

std::string_view code_of(Finding finding) {
    return wording_of(finding).code;
}

LocalText text_of(Finding finding, const std::vector<LocalText>& parts) {
    const Wording& wording = wording_of(finding);
    return {fill(wording.zh_hans, parts, Language::zh_hans),
            fill(wording.zh_hant, parts, Language::zh_hant), fill(wording.en, parts, Language::en)};
}

LocalText text_of_code_check(std::string_view check) {
    for (const CodeWording& wording : code_wordings()) {
        if (wording.check == check) return wording.text;
    }
    return {"代码的格式或校验码不对；请对照原件核对", "代碼的格式或校驗碼不對；請對照原件核對",
            "The code's shape or check digit is wrong; compare it with the original"};
}

LocalText same_in_all(std::string text) {
    return {text, text, text};
}

}  // namespace zf
