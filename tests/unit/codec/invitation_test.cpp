#include "common/codec/invitation.h"

#include <doctest/doctest.h>

using namespace zf;

TEST_CASE("an invitation is read as it was written") {
    const std::string pin(64, 'a');
    const Invitation whole{"https://192.168.1.5:8443", "7KQ2-M9XF-R4TD", pin};
    CHECK(invitation_text(whole) == "zoufang https://192.168.1.5:8443 7KQ2-M9XF-R4TD " + pin);
    CHECK(read_invitation(invitation_text(whole)) == whole);
    const Invitation without{"https://[fd00::1]:8443", "7KQ2-M9XF-R4TD", ""};
    CHECK(read_invitation(invitation_text(without)) == without);
}

TEST_CASE("an invitation is found in a letter, whatever stands around its parts") {
    const std::string pin = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
    const Invitation meant{"https://sync.example.gov.cn:8443", "7KQ2-M9XF-R4TD", pin};
    for (const std::string& letter :
         {"李同志：服务器：https://sync.example.gov.cn:8443，口令：7KQ2-M9XF-R4TD。指纹" + pin +
              "，请勿转发。",
          "Your registration code: 7KQ2-M9XF-R4TD.\r\nServer https://sync.example.gov.cn:8443.\n"
          "pin " +
              pin,
          pin + "\n\n７ＫＱ２-Ｍ９ＸＦ-Ｒ４ＴＤ\n\thttps://sync.example.gov.cn:8443"}) {
        CAPTURE(letter);
        CHECK(read_invitation(letter) == meant);
    }
}

TEST_CASE("without an address or a code it is no invitation") {
    for (const char* text :
         {"", "zoufang", "https://a:1", "7KQ2-M9XF-R4TD", "https://a:1 registration",
          "https://a:1 7KQ2-M9XF", "ftp://a:1 7KQ2-M9XF-R4TD"}) {
        CAPTURE(text);
        CHECK_FALSE(read_invitation(text).has_value());
    }
}
