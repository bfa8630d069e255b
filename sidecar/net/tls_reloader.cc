// SPDX-License-Identifier: Apache-2.0
#include "net/tls_reloader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <utility>

#include "base/utc_text.h"

namespace candor {
namespace {

constexpr std::chrono::seconds kPollInterval{1};

// What the files look like from outside, to read them only when something happened.
std::string FileStamps(const TlsOptions& options) {
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

Result<std::unique_ptr<TlsReloader>> TlsReloader::Open(const TlsOptions& options,
                                                       std::function<WallTime()> wall, OnReload on_reload) {
  std::unique_ptr<TlsReloader> reloader(new TlsReloader(options, std::move(wall), std::move(on_reload)));
  reloader->stamps_ = FileStamps(options);
  auto pair = ReadTlsPair(options);
  if (!pair) return tl::make_unexpected(pair.error());
  reloader->Activate(std::move(*pair));
  reloader->thread_ = std::thread([raw = reloader.get()] { raw->Run(); });
  return reloader;
}

TlsReloader::~TlsReloader() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<grpc::ServerCredentials> TlsReloader::Credentials() const {
  return MakeReloadingCredentials(active_, !options_.client_ca.empty());
}

void TlsReloader::Activate(TlsPair pair) {
  const WallTime expires = pair.expires;
  active_->Replace(std::move(pair));
  if (on_reload_) on_reload_("", expires);
}

// No worse than the pair in force: a certificate that has ended locks everybody out.
Result<TlsPair> TlsReloader::ReadReplacement() const {
  auto pair = ReadTlsPair(options_);
  if (!pair) return pair;
  const WallTime now = wall_();
  if (pair->expires <= now && active_->Now().pair->expires > now) {
    return Fail(fmt::format("the certificate in {} ended {}; expected one that is valid now",
                            options_.certificate, FormatUtc(pair->expires)));
  }
  return pair;
}

Result<void> TlsReloader::Reload() {
  const std::lock_guard lock(mutex_);
  auto pair = ReadReplacement();
  if (!pair) {
    if (last_error_ != pair.error().message) {  // once for each new fault, not every second
      last_error_ = pair.error().message;
      if (on_reload_) on_reload_(last_error_, WallTime{});
    }
    return tl::make_unexpected(pair.error());
  }
  const bool was_refused = !std::exchange(last_error_, "").empty();
  if (was_refused || !pair->SameAs(*active_->Now().pair)) Activate(std::move(*pair));
  return {};
}

void TlsReloader::Poll() {
  // Whoever rotates writes two files, one after the other: wait until they have stood still for a look.
  const std::string stamps = FileStamps(options_);
  const bool still = std::exchange(stamps_, stamps) == stamps;
  if (!still) {
    changed_ = true;
  } else if (std::exchange(changed_, false)) {
    (void)Reload();  // tells by itself
  }
}

void TlsReloader::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, kPollInterval, [this] { return stop_; })) {
    lock.unlock();
    Poll();
    lock.lock();
  }
}

}  // namespace candor
