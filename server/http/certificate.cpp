#include "server/http/certificate.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace zf {
namespace {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using Memory = std::unique_ptr<BIO, FreeWith<BIO_free>>;

constexpr const char* bureau_name = "Zoufang bureau";
constexpr const char* server_name = "Zoufang server";
// GeneralizedTime begins in 2050; before that X.509 wants UTCTime. The _string form chooses.
constexpr const char* valid_from = "20000101000000Z";
constexpr const char* valid_to = "20991231235959Z";

bool set_name(X509_NAME* name, const char* common_name) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(common_name);
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1;
}

bool set_random_serial(X509* certificate) {
    Number number(BN_new());
    return number && BN_rand(number.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// A version 3 certificate without extensions and signature; null when OpenSSL fails.
Certificate begin_certificate(const char* subject, EVP_PKEY* key) {
    Certificate certificate(X509_new());
    const bool done =
        certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
        set_random_serial(certificate.get()) &&
        ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), valid_from) == 1 &&
        ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), valid_to) == 1 &&
        set_name(X509_get_subject_name(certificate.get()), subject) &&
        set_name(X509_get_issuer_name(certificate.get()), bureau_name) &&
        X509_set_pubkey(certificate.get(), key) == 1;
    return done ? std::move(certificate) : nullptr;
}

Certificate make_bureau_certificate(EVP_PKEY* bureau_key) {
    Certificate bureau = begin_certificate(bureau_name, bureau_key);
    // Ed25519 hashes by itself: no digest is named.
    const bool done =
        bureau &&
        add_extension(bureau.get(), bureau.get(), NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(bureau.get(), bureau.get(), NID_key_usage, "critical,keyCertSign") &&
        add_extension(bureau.get(), bureau.get(), NID_subject_key_identifier, "hash") &&
        X509_sign(bureau.get(), bureau_key, nullptr) != 0;
    return done ? std::move(bureau) : nullptr;
}

Certificate make_leaf(EVP_PKEY* leaf_key, X509* bureau, EVP_PKEY* bureau_key) {
    Certificate leaf = begin_certificate(server_name, leaf_key);
    // Laptops go by the pin, not by names; the names are for a browser on the server itself.
    const bool done =
        leaf && add_extension(leaf.get(), bureau, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(leaf.get(), bureau, NID_key_usage, "critical,digitalSignature") &&
        add_extension(leaf.get(), bureau, NID_ext_key_usage, "serverAuth") &&
        add_extension(leaf.get(), bureau, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1") &&
        add_extension(leaf.get(), bureau, NID_authority_key_identifier, "keyid") &&
        X509_sign(leaf.get(), bureau_key, nullptr) != 0;
    return done ? std::move(leaf) : nullptr;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(memory, &data);
    return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

std::string pem_of(X509* certificate) {
    Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || PEM_write_bio_X509(memory.get(), certificate) != 1) return {};
    return text_of(memory.get());
}

std::string pem_of(EVP_PKEY* key) {
    Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr,
                                                 nullptr) != 1) {
        return {};
    }
    return text_of(memory.get());
}

}  // namespace

Result<ServerCertificate> make_server_certificate(const std::array<std::uint8_t, 32>& seed) {
    const Key bureau_key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    const Key leaf_key(EVP_EC_gen("P-256"));
    const Certificate bureau = bureau_key ? make_bureau_certificate(bureau_key.get()) : nullptr;
    const Certificate leaf =
        bureau && leaf_key ? make_leaf(leaf_key.get(), bureau.get(), bureau_key.get()) : nullptr;
    if (!leaf) {
        return fail(ErrorCode::internal,
                    "The server's certificate cannot be made: OpenSSL refused; check that this "
                    "machine's OpenSSL offers Ed25519 and P-256.");
    }
    ServerCertificate made;
    made.bureau_ca_pem = pem_of(bureau.get());
    made.certificate_chain_pem = pem_of(leaf.get()) + made.bureau_ca_pem;
    made.private_key_pem = pem_of(leaf_key.get());
    if (made.bureau_ca_pem.empty() || made.private_key_pem.empty()) {
        return fail(ErrorCode::internal, "The server's certificate cannot be written as PEM.");
    }
    return made;
}

}  // namespace zf
