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
  reloader->worker_ = Worker([raw = reloader.get()](const std::stop_token& stop) {
    while (!SleepUnlessStopped(stop, kPollInterval)) raw->Poll();
  });
  return reloader;
}

std::shared_ptr<grpc::ServerCredentials> TlsReloader::Credentials() const {
  return MakeReloadingCredentials(active_, !options_.client_ca.empty());
}

void TlsReloader::Activate(TlsPair pair) {
  const WallTime expires = pair.expires;
  active_->Replace(std::move(pair));
  if (on_reload_) on_reload_("", expires);
}

// Fails for an expired certificate while the active one is valid: clients would refuse every connection.
Result<TlsPair> TlsReloader::ReadReplacement() const {
  auto pair = ReadTlsPair(options_);
  if (!pair) return pair;
  const WallTime now = wall_();
  if (pair->expires <= now && active_->Get().pair->expires > now) {
    return Fail(fmt::format("the certificate in {} ended {}; expected one that is valid now",
                            options_.certificate, FormatUtc(pair->expires)));
  }
  return pair;
}

Result<void> TlsReloader::Reload() {
  const std::lock_guard lock(mutex_);
  auto pair = ReadReplacement();
  if (!pair) {
    const std::string& error = pair.error().message;
    if (std::exchange(last_error_, error) != error && on_reload_) on_reload_(error, WallTime{});
    return tl::make_unexpected(pair.error());
  }
  const bool was_refused = !std::exchange(last_error_, "").empty();
  if (was_refused || !pair->SameAs(*active_->Get().pair)) Activate(std::move(*pair));
  return {};
}

// A rotation writes one file after the other: read them when they have not changed for one interval.
void TlsReloader::Poll() {
  const std::string stamps = FileStamps(options_);
  if (std::exchange(stamps_, stamps) != stamps) {
    changed_ = true;
  } else if (std::exchange(changed_, false)) {
    (void)Reload();  // calls on_reload_ with the error
  }
}

}  // namespace candor
