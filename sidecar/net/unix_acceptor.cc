// SPDX-License-Identifier: Apache-2.0
#include "net/unix_acceptor.h"

#include <charconv>
#include <string_view>
#include <utility>

namespace candor {

Result<std::unique_ptr<UnixAcceptor>> UnixAcceptor::Open(const std::string& path, int mode, bool take_over,
                                                         ShortageLog log) {
  const auto address = ListenAddress::Parse("unix:" + path);
  if (!address) return tl::make_unexpected(address.error());
  if (auto free = CheckFree(*address); !free && !(take_over && IsInUse(free.error()))) {
    return tl::make_unexpected(free.error());
  }
  auto listeners = ListenOn(*address, mode, false);
  if (!listeners) return tl::make_unexpected(listeners.error());
  auto thread = AcceptorThread::Create();
  if (!thread) return tl::make_unexpected(thread.error());
  std::unique_ptr<UnixAcceptor> out(new UnixAcceptor);
  out->thread_ = std::move(*thread);
  const auto on_accept = [raw = out.get()](UniqueFd connection) { raw->Accept(std::move(connection)); };
  auto ok =
      out->thread_->Add(std::move(listeners->front()), on_accept, LogShortage(address->text, std::move(log)));
  if (!ok) return tl::make_unexpected(ok.error());
  return out;
}

void UnixAcceptor::Start(OnConnection on_connection) {
  on_connection_ = std::move(on_connection);
  thread_->Start();
}

void UnixAcceptor::Accept(UniqueFd connection) {
  const auto credentials = ReadPeerCredentials(connection.get());
  if (!credentials) return;
  {
    const std::lock_guard lock(mutex_);
    peers_[connection.get()] = *credentials;
  }
  on_connection_(connection.Release());
}

std::string UnixAcceptor::DescribePeer(const std::string& peer) const {
  int fd = -1;
  constexpr std::string_view kFd = "fd:";
  if (peer.starts_with(kFd)) std::from_chars(peer.data() + kFd.size(), peer.data() + peer.size(), fd);
  const std::lock_guard lock(mutex_);
  const auto found = peers_.find(fd);
  return found == peers_.end() ? "an unknown user of the admin socket" : found->second.Text();
}

}  // namespace candor
