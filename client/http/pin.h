// Whether the server at the other end of a TLS connection stands for a bureau's key: its
// certificate must be signed by that key. Looks at nothing else in the certificates.
#pragma once

#include <openssl/ssl.h>

#include <optional>

#include "common/base/sign.h"

namespace zf {

enum class PinOutcome {
    not_asked,  // no handshake has come as far as the server's certificate
    trusted,
    other_key,  // signed by another key than the pinned one
    no_bureau,  // no pin given, and no bureau's certificate sent that has signed the server's
};

/// The judge of every handshake made with one SSL_CTX. Must outlive it.
class PinCheck {
public:
    explicit PinCheck(std::optional<PublicKey> pin) : pin_(pin) {}
    PinCheck(const PinCheck&) = delete;
    PinCheck& operator=(const PinCheck&) = delete;

    /// Replaces the library's own verification in `context`, which must be unused yet: no
    /// handshake succeeds without this check's consent.
    void install(SSL_CTX* context);

    /// Of the newest handshake since forget_outcome.
    [[nodiscard]] PinOutcome outcome() const { return outcome_; }
    void forget_outcome() { outcome_ = PinOutcome::not_asked; }
    /// Call once a handshake is complete: only then has the server shown that the certificate is
    /// its own, and only then is a key learned.
    void confirm();
    /// The key that a completed handshake has proved: the pin, or the one learned.
    [[nodiscard]] std::optional<PublicKey> proved_key() const {
        return is_proved_ ? pin_ : std::nullopt;
    }

private:
    std::optional<PublicKey> pin_;
    std::optional<PublicKey> candidate_;  // what the newest handshake claims to stand for
    PinOutcome outcome_ = PinOutcome::not_asked;
    bool is_proved_ = false;

    static int judge(X509_STORE_CTX* handshake, void* check);
    PinOutcome judge_chain(X509* leaf, STACK_OF(X509) * sent);
};

}  // namespace zf
