// SPDX-License-Identifier: Apache-2.0
#include "serve/tls_keeper.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <utility>

namespace candor {
namespace {

constexpr std::chrono::seconds kLookEvery{1};

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

Result<std::unique_ptr<TlsKeeper>> TlsKeeper::Open(const TlsOptions& options, std::function<WallTime()> wall,
                                                   Told told) {
  std::unique_ptr<TlsKeeper> keeper(new TlsKeeper(options, std::move(wall), std::move(told)));
  keeper->seen_ = Looks(options);
  auto pair = ReadTlsPair(options);
  if (!pair) return tl::make_unexpected(pair.error());
  keeper->TakeUp(std::move(*pair));
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
  return CredentialsOf(in_force_, !options_.client_ca.empty());
}

void TlsKeeper::TakeUp(TlsPair pair) {
  const WallTime expires = pair.expires;
  in_force_->Replace(std::move(pair));
  if (told_) told_("", expires);
}

// No worse than the pair in force: a certificate that has ended locks everybody out.
Result<TlsPair> TlsKeeper::ReadBetter() const {
  auto pair = ReadTlsPair(options_);
  if (!pair) return pair;
  const WallTime now = wall_();
  if (pair->expires <= now && in_force_->Now().pair->expires > now) {
    return Fail(fmt::format("the certificate in {} ended {}; expected one that is valid now",
                            options_.certificate, UtcText(pair->expires)));
  }
  return pair;
}

Result<void> TlsKeeper::Reload() {
  const std::lock_guard lock(mutex_);
  auto pair = ReadBetter();
  if (!pair) {
    if (refused_ != pair.error().message) {  // once for each new fault, not every second
      refused_ = pair.error().message;
      if (told_) told_(refused_, WallTime{});
    }
    return tl::make_unexpected(pair.error());
  }
  const bool was_refused = !std::exchange(refused_, "").empty();
  if (was_refused || !pair->SameAs(*in_force_->Now().pair)) TakeUp(std::move(*pair));
  return {};
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
