// SPDX-License-Identifier: Apache-2.0
#include "net/unix_acceptor.h"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "net/listen_address.h"

namespace candor {

Result<std::unique_ptr<UnixAcceptor>> UnixAcceptor::Open(const std::string& path, int mode, bool take_over) {
  const auto address = ListenAddress::Parse("unix:" + path);
  if (!address) return tl::make_unexpected(address.error());
  if (auto free = CheckFree(*address); !free && !(take_over && IsInUse(free.error()))) {
    return tl::make_unexpected(free.error());
  }
  auto listeners = ListenOn(*address, mode, false);
  if (!listeners) return tl::make_unexpected(listeners.error());
  return std::unique_ptr<UnixAcceptor>(new UnixAcceptor(std::move(*listeners)));
}

UnixAcceptor::~UnixAcceptor() {
  Close();
  for (const Listener& l : listeners_) RemoveSocketFile(l.path, l.file);  // never started
}

Result<void> UnixAcceptor::Start(OnConnection on_connection, AcceptorThread::OnShortage trouble) {
  on_connection_ = std::move(on_connection);
  auto acceptor = AcceptorThread::Open(
      std::exchange(listeners_, {}), [this](int, int fd) { OnAccept(fd); }, std::move(trouble));
  if (!acceptor) return tl::make_unexpected(acceptor.error());
  acceptor_ = std::move(*acceptor);
  return {};
}

void UnixAcceptor::Close() {
  if (acceptor_) acceptor_->Close();
}

void UnixAcceptor::OnAccept(int fd) {
  UniqueFd connection(fd);
  const auto credentials = ReadPeerCredentials(fd);
  if (!credentials) return;
  {
    const std::lock_guard lock(mutex_);
    peers_[fd] = *credentials;
  }
  on_connection_(connection.Release());
}

std::string UnixAcceptor::DescribePeer(const std::string& peer) const {
  int fd = -1;
  constexpr std::string_view kFd = "fd:";
  if (peer.starts_with(kFd)) std::from_chars(peer.data() + kFd.size(), peer.data() + peer.size(), fd);
  const std::lock_guard lock(mutex_);
  const auto found = peers_.find(fd);
  return found == peers_.end() ? "somebody at the admin socket" : found->second.Text();
}

}  // namespace candor
