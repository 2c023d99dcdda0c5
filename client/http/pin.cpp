#include "client/http/pin.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>

namespace zf {
namespace {

struct KeyFree {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

bool is_signed_by(X509* certificate, const PublicKey& key) {
    const std::unique_ptr<EVP_PKEY, KeyFree> signer(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
    const bool is_signed = signer && X509_verify(certificate, signer.get()) == 1;
    ERR_clear_error();
    return is_signed;
}

/// The Ed25519 key that a certificate is for; nothing for keys of other kinds.
std::optional<PublicKey> key_of(X509* certificate) {
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return std::nullopt;
    PublicKey raw;
    std::size_t size = raw.bytes.size();
    if (EVP_PKEY_get_raw_public_key(key, raw.bytes.data(), &size) != 1) return std::nullopt;
    return raw;
}

}  // namespace

void PinCheck::install(SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, &PinCheck::judge, this);
}

void PinCheck::confirm() {
    if (outcome_ != PinOutcome::trusted) return;
    pin_ = candidate_;
    is_proved_ = true;
}

int PinCheck::judge(X509_STORE_CTX* handshake, void* check) {
    auto& self = *static_cast<PinCheck*>(check);
    self.outcome_ = self.judge_chain(X509_STORE_CTX_get0_cert(handshake),
                                     X509_STORE_CTX_get0_untrusted(handshake));
    const bool is_trusted = self.outcome_ == PinOutcome::trusted;
    X509_STORE_CTX_set_error(handshake,
                             is_trusted ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
    return is_trusted ? 1 : 0;
}

PinOutcome PinCheck::judge_chain(X509* leaf, STACK_OF(X509) * sent) {
    if (leaf == nullptr) return pin_ ? PinOutcome::other_key : PinOutcome::no_bureau;
    if (pin_) {
        if (!is_signed_by(leaf, *pin_)) return PinOutcome::other_key;
        candidate_ = pin_;
        return PinOutcome::trusted;
    }
    for (int i = 0; i < sk_X509_num(sent); ++i) {
        const std::optional<PublicKey> key = key_of(sk_X509_value(sent, i));
        if (!key || !is_signed_by(leaf, *key)) continue;
        candidate_ = key;
        return PinOutcome::trusted;
    }
    return PinOutcome::no_bureau;
}

}  // namespace zf
