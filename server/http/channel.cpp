#include "server/http/channel.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "common/base/assert.h"

namespace zf {

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

namespace {

struct BioFree {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using PemReader = std::unique_ptr<BIO, BioFree>;

PemReader reader_of(const std::string& pem) {
    return PemReader(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

bool use_chain(SSL_CTX* context, const std::string& pem) {
    const PemReader reader = reader_of(pem);
    X509* leaf = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr);
    const bool used = leaf != nullptr && SSL_CTX_use_certificate(context, leaf) == 1;
    X509_free(leaf);
    if (!used) return false;
    while (X509* next = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)) {
        if (SSL_CTX_add0_chain_cert(context, next) != 1) {
            X509_free(next);
            return false;
        }
    }
    ERR_clear_error();  // the end of the text counts as an error there
    return true;
}

bool use_key(SSL_CTX* context, const std::string& pem) {
    const PemReader reader = reader_of(pem);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(reader.get(), nullptr, nullptr, nullptr);
    const bool used = key != nullptr && SSL_CTX_use_PrivateKey(context, key) == 1 &&
                      SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(key);
    return used;
}

}  // namespace

Result<SslContext> make_server_context(const ServerCertificate& certificate) {
    SslContext context(SSL_CTX_new(TLS_server_method()));
    if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1 ||
        !use_chain(context.get(), certificate.certificate_chain_pem) ||
        !use_key(context.get(), certificate.private_key_pem)) {
        ERR_clear_error();
        return fail(ErrorCode::malformed,
                    "The server's certificate and key cannot be used; make them anew.",
                    "certificate");
    }
    // A handshake costs less than a millisecond: nothing is kept to shorten the next one.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.get(), 0);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    return context;
}

Channel::Channel(Descriptor descriptor, SSL_CTX* context) : descriptor_(std::move(descriptor)) {
    if (context == nullptr) return;
    ssl_.reset(SSL_new(context));
    ZF_ASSERT(ssl_ && SSL_set_fd(ssl_.get(), descriptor_.number()) == 1);
    SSL_set_accept_state(ssl_.get());
}

ChannelState Channel::state_of_failure(int ssl_result) {
    const int reason = SSL_get_error(ssl_.get(), ssl_result);
    ERR_clear_error();
    const bool waits = reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
    return waits ? ChannelState::stuck : ChannelState::closed;
}

ChannelState Channel::handshake() {
    if (!ssl_) return ChannelState::moved;
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? ChannelState::moved : state_of_failure(result);
}

namespace {

ChannelResult result_of_socket(ssize_t moved) {
    if (moved > 0) return {ChannelState::moved, static_cast<std::size_t>(moved)};
    const bool waits = moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return {waits ? ChannelState::stuck : ChannelState::closed, 0};
}

}  // namespace

ChannelResult Channel::read(std::span<char> out) {
    if (!ssl_) return result_of_socket(::recv(descriptor_.number(), out.data(), out.size(), 0));
    const int size = static_cast<int>(std::min<std::size_t>(out.size(), INT_MAX));
    const int moved = SSL_read(ssl_.get(), out.data(), size);
    if (moved <= 0) return {state_of_failure(moved), 0};
    return {ChannelState::moved, static_cast<std::size_t>(moved)};
}

ChannelResult Channel::write(std::string_view data) {
    if (!ssl_) {
        return result_of_socket(
            ::send(descriptor_.number(), data.data(), data.size(), MSG_NOSIGNAL));
    }
    const int size = static_cast<int>(std::min<std::size_t>(data.size(), INT_MAX));
    const int moved = SSL_write(ssl_.get(), data.data(), size);
    if (moved <= 0) return {state_of_failure(moved), 0};
    return {ChannelState::moved, static_cast<std::size_t>(moved)};
}

void Channel::end_sending() {
    if (ssl_ && SSL_is_init_finished(ssl_.get())) {
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
    ::shutdown(descriptor_.number(), SHUT_WR);
}

}  // namespace zf
