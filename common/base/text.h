// UTF-8 text: validity, length, and what search and normalising need to know about Chinese.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zf {

/// Strict UTF-8 (no overlong forms, surrogates or values beyond U+10FFFF).
bool is_valid_utf8(std::string_view text);
/// Number of code points; counted as next_code_point reads them.
std::size_t code_point_count(std::string_view text);
/// Chinese, Japanese and Korean ideographs, syllables and phonetic signs, in every plane:
/// characters that search treats as words.
bool is_cjk(char32_t c);
/// Decodes the code point at `at` (which must lie inside) and moves `at` behind it. A byte that
/// is not part of valid UTF-8 reads as U+FFFD.
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_utf8(std::string& out, char32_t c);

/// The text as the search index sees it: lower-case ASCII, full-width forms as their ASCII
/// counterparts, a space around each CJK character, anything else unchanged. Meant for SQLite's
/// FTS5 with the tokenizer unicode61: a query of one Chinese character finds it (the trigram
/// tokenizer would not).
std::string searchable(std::string_view text);
/// An FTS5 query (for the same tokenizer) that finds rows holding every word of `typed`. A word
/// is what stands between white space; its characters must follow each other in the row. The
/// last word counts as a prefix unless it ends in a CJK character. Whatever is typed is only
/// searched for, never understood as query syntax; empty when nothing is left to search for.
std::string search_query(std::string_view typed);

/// What a person typed or pasted into a box for a number, date or code: full-width ASCII becomes
/// ASCII, an ideographic point between digits and a typographic dash before or between digits
/// become '.' and '-', outer white space goes. Used by the window only (programs give exact
/// values), and not for running text, where full-width punctuation is right.
std::string normalise_typed(std::string_view text);

}  // namespace zf
