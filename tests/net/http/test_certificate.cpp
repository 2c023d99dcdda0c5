// The certificates are what laptops and other programs expect of them.
#include <doctest/doctest.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "common/base/sign.h"
#include "server/http/certificate.h"
#include "server/http/channel.h"
#include "tests/net/http/raw_client.h"

using namespace zf;
using namespace zf::test;

namespace {

struct CertificateFree {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, CertificateFree>;

std::vector<Certificate> read_chain(const std::string& pem) {
    BIO* reader = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    std::vector<Certificate> chain;
    while (X509* next = PEM_read_bio_X509(reader, nullptr, nullptr, nullptr)) {
        chain.emplace_back(next);
    }
    BIO_free(reader);
    return chain;
}

}  // namespace

TEST_CASE("the chain is a leaf and the bureau's certificate, signed by the bureau's key") {
    const Result<ServerCertificate> made = make_server_certificate(seed_of(7));
    REQUIRE(made);
    const std::vector<Certificate> chain = read_chain(made->certificate_chain_pem);
    REQUIRE(chain.size() == 2);
    CHECK(made->certificate_chain_pem.ends_with(made->bureau_ca_pem));

    EVP_PKEY* bureau_key = X509_get0_pubkey(chain[1].get());
    PublicKey raw;
    std::size_t size = raw.bytes.size();
    REQUIRE(EVP_PKEY_get_raw_public_key(bureau_key, raw.bytes.data(), &size) == 1);
    CHECK(raw == KeyPair::from_seed(seed_of(7)).public_key());
    CHECK(X509_verify(chain[0].get(), bureau_key) == 1);
    CHECK(X509_verify(chain[1].get(), bureau_key) == 1);
    CHECK(X509_check_ca(chain[0].get()) == 0);
    CHECK(X509_check_ca(chain[1].get()) == 1);
}

TEST_CASE("both certificates hold from 2000 to 2099") {
    const Result<ServerCertificate> made = make_server_certificate(seed_of(7));
    REQUIRE(made);
    for (const Certificate& certificate : read_chain(made->certificate_chain_pem)) {
        const std::time_t start_of_2000 = 946684800;
        const std::time_t start_of_2099 = 4070908800;
        CHECK(ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate.get()), start_of_2000) == 0);
        CHECK(ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate.get()), start_of_2099) == 1);
    }
}

TEST_CASE("each leaf has its own key and serial number") {
    const Result<ServerCertificate> first = make_server_certificate(seed_of(7));
    const Result<ServerCertificate> second = make_server_certificate(seed_of(7));
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->private_key_pem != second->private_key_pem);
    const auto first_chain = read_chain(first->certificate_chain_pem);
    const auto second_chain = read_chain(second->certificate_chain_pem);
    CHECK(ASN1_INTEGER_cmp(X509_get0_serialNumber(first_chain[0].get()),
                           X509_get0_serialNumber(second_chain[0].get())) != 0);
}

TEST_CASE("certificates that cannot be used are refused at the start") {
    const Result<ServerCertificate> own = make_server_certificate(seed_of(1));
    const Result<ServerCertificate> other = make_server_certificate(seed_of(2));
    REQUIRE(own);
    REQUIRE(other);
    const ServerCertificate cases[] = {
        {"", "", ""},
        {"no PEM", own->private_key_pem, ""},
        {own->certificate_chain_pem, "no PEM", ""},
        // Somebody who copied a certificate lacks its key.
        {own->certificate_chain_pem, other->private_key_pem, ""},
    };
    for (const ServerCertificate& one : cases) {
        Listener listener([](const Request&) { return Response{}; });
        const Result<Address> started = listener.start(with_tls(one));
        REQUIRE_FALSE(started);
        CHECK(started.error().code == ErrorCode::malformed);
    }
}
