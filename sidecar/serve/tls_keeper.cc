// SPDX-License-Identifier: Apache-2.0
#include "serve/tls_keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace candor {
namespace {

constexpr std::chrono::seconds kLookEvery{1};

std::string PathOf(const UniqueFd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

Result<void> WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR) return FailErrno("cannot hold a certificate in memory", errno);
    if (n > 0) text.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

// Puts `text` behind the path of `file` at one stroke: a reader gets all of the old or all of the new. gRPC
// tells that a file changed by its whole seconds, so each generation has one of its own.
Result<void> Replace(UniqueFd& file, std::string_view text, int generation) {
  UniqueFd next(::memfd_create("candor-tls", MFD_CLOEXEC));
  if (!next) return FailErrno("cannot hold a certificate in memory", errno);
  if (auto ok = WriteAll(next.get(), text); !ok) return ok;
  const timespec at{1'000'000'000 + generation, 0};
  const timespec times[] = {at, at};
  if (::futimens(next.get(), times) != 0) return FailErrno("cannot date a certificate", errno);
  if (!file) {
    file = std::move(next);
  } else if (::dup3(next.get(), file.get(), O_CLOEXEC) < 0) {
    return FailErrno("cannot replace a certificate", errno);
  }
  return {};
}

std::string All(const TlsPair& pair) { return pair.key + '\n' + pair.certificate + '\n' + pair.client_ca; }

// What the files look like from outside, to read them only when something happened.
std::string Looks(const TlsOptions& options) {
  std::string out;
  for (const std::string* path : {&options.certificate, &options.key, &options.client_ca}) {
    struct stat st {};
    if (!path->empty() && ::stat(path->c_str(), &st) == 0) {
      out += fmt::format("{} {} {} {};", st.st_ino, st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    } else {
      out += ";";
    }
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<TlsKeeper>> TlsKeeper::Open(const TlsOptions& options, Told told) {
  std::unique_ptr<TlsKeeper> keeper(new TlsKeeper(options, std::move(told)));
  keeper->seen_ = Looks(options);
  const auto pair = ReadTlsPair(options);
  if (!pair) return tl::make_unexpected(pair.error());
  if (auto ok = keeper->TakeUp(*pair); !ok) return tl::make_unexpected(ok.error());
  if (keeper->told_) keeper->told_("", pair->expires);
  keeper->thread_ = std::thread([raw = keeper.get()] { raw->Run(); });
  return keeper;
}

TlsKeeper::~TlsKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<grpc::ServerCredentials> TlsKeeper::Credentials() const {
  namespace tls = grpc::experimental;
  const std::string own = PathOf(identity_);
  const bool mutual = static_cast<bool>(client_ca_);
  const auto provider =
      mutual ? std::make_shared<tls::FileWatcherCertificateProvider>(own, own, PathOf(client_ca_), 1U)
             : std::make_shared<tls::FileWatcherCertificateProvider>(own, own, 1U);
  tls::TlsServerCredentialsOptions options(provider);
  options.watch_identity_key_cert_pairs();
  if (mutual) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

Result<void> TlsKeeper::TakeUp(const TlsPair& pair) {
  ++generation_;
  if (!options_.client_ca.empty()) {
    if (auto ok = Replace(client_ca_, pair.client_ca, generation_); !ok) return ok;
  }
  if (auto ok = Replace(identity_, pair.key + '\n' + pair.certificate, generation_); !ok) return ok;
  in_force_ = All(pair);
  refused_.clear();
  return {};
}

Result<void> TlsKeeper::Reload() {
  const std::lock_guard lock(mutex_);
  const auto pair = ReadTlsPair(options_);
  if (pair && All(*pair) == in_force_) {
    refused_.clear();
    return {};
  }
  auto done = pair ? TakeUp(*pair) : Result<void>(tl::make_unexpected(pair.error()));
  if (done) {
    if (told_) told_("", pair->expires);
  } else if (refused_ != done.error().message) {  // once for each new fault, not every second
    refused_ = done.error().message;
    if (told_) told_(refused_, WallTime{});
  }
  return done;
}

void TlsKeeper::Look() {
  // Whoever rotates writes two files, one after the other: wait until they have stood still for a look.
  const std::string looks = Looks(options_);
  const bool still = std::exchange(seen_, looks) == looks;
  if (!still) {
    moved_ = true;
  } else if (std::exchange(moved_, false)) {
    (void)Reload();  // tells by itself
  }
}

void TlsKeeper::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, kLookEvery, [this] { return stop_; })) {
    lock.unlock();
    Look();
    lock.lock();
  }
}

}  // namespace candor
