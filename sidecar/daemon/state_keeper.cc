// SPDX-License-Identifier: Apache-2.0
#include "daemon/state_keeper.h"

#include <cstdio>
#include <utility>

#include "daemon/state_file.h"

namespace candor::daemon {

Earlier ReadEarlier(const std::string& path) {
  if (path.empty()) return {};
  auto bytes = ReadWhole(path);
  if (!bytes) return {std::nullopt, bytes.error().message};
  if (!*bytes) return {};
  auto state = DecodeState(**bytes);
  if (state) return {std::move(*state), ""};
  // Kept for whoever wants to know what happened; the next save would overwrite it.
  const std::string aside = path + ".damaged";
  const bool moved = std::rename(path.c_str(), aside.c_str()) == 0;
  return {std::nullopt, "THE STATE FILE " + path + " IS IGNORED: " + state.error().message +
                            (moved ? "; it was moved to " + aside : "") +
                            ". What is usual here is learned anew, drains and overrides are lost"};
}

StateKeeper::StateKeeper(StateKeeperOptions options, std::function<SavedState()> collect,
                         std::function<void(const std::string&)> trouble)
    : options_(std::move(options)), collect_(std::move(collect)), trouble_(std::move(trouble)) {
  if (!options_.path.empty()) thread_ = std::thread([this] { Run(); });
}

StateKeeper::~StateKeeper() { Stop(); }

void StateKeeper::SaveSoon() {
  {
    const std::lock_guard lock(mutex_);
    changed_ = true;
  }
  wake_.notify_one();
}

void StateKeeper::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void StateKeeper::Run() {
  for (;;) {
    bool stop = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, options_.every, [this] { return stop_ || changed_; });
      changed_ = false;
      stop = stop_;
    }
    Save();
    if (stop) return;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, options_.rest, [this] { return stop_; });
  }
}

void StateKeeper::Save() {
  if (options_.owned && !options_.owned()) return;
  const auto done = WriteAtomically(options_.path, EncodeState(collect_()));
  const std::string trouble = done ? "" : done.error().message;
  if (trouble == last_trouble_) return;
  last_trouble_ = trouble;
  if (trouble_) trouble_(trouble);
}

}  // namespace candor::daemon
