// SPDX-License-Identifier: Apache-2.0
//
// What people do to a running candord, and what of it outlives the process: history, orders, reload, hook,
// state file. Wires them to Board and Watch. Thread-safe once constructed.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/hook.h"
#include "daemon/places.h"
#include "daemon/reload.h"
#include "daemon/state_keeper.h"
#include "daemon/watch.h"
#include "serve/serve_parts.h"
#include "serve/server.h"
#include "web/web_server.h"

namespace candor::daemon {

// Where the state is kept, and what an earlier process left there. Logs why nothing is, if so.
struct Keeping {
  std::string path;     // empty: nowhere
  std::string why_not;  // then: "the setting state_file is off", ...
  UniqueFd lock;        // not held: the file is not ours yet
  std::optional<SavedState> earlier;
};
// `take_over`: the candord before still writes the file; this one begins to when that has ended.
Keeping Keep(const Config& config, const ServiceFolders& folders, bool take_over);

// Empty where "auto" finds no place, or another candord has it and is not to be taken over; the log says so.
std::string AdminSocket(const Config& config, const ServiceFolders& folders, bool take_over);

class Operators {
 public:
  // `board` outlives this; it takes up the orders of `keeping.earlier` that are still in force.
  Operators(const Flags& flags, const Config& config, Board& board, Keeping keeping);
  ~Operators();

  ServeParts parts() { return {board_, history_, desk_}; }
  SelfDesk& desk() { return desk_; }
  // FAILING as the candord before left it, where that still holds.
  std::optional<Verdict> AlarmOfBefore(const JudgeOptions& options) const;
  DaemonHooks Hooks();

  // Once each is there; both outlive what this does from then on. The watch takes up what was usual and is
  // started.
  void Attend(Server& server);
  void Attend(web::WebServer& pages);  // the bounds of its ports are settings that a reload changes
  void Attend(Watch& watch);

  void OnChange(const Snapshot& next);  // of the Board
  void OnTick();                        // after each judgement
  void ReloadBySignal();
  // Saves once more, and touches neither server nor watch afterwards. Call while the watch runs. Idempotent.
  void Stop();

 private:
  Result<std::string> Order(const OrderChange& change, bool even_unsaved);
  Result<std::string> ResetBaseline();
  Result<void> ForgetBaseline();
  std::pair<std::string, Duration> BaselineAndAge() const;
  void RefreshBaseline();
  SavedState Collect() const;
  bool TakeUp();  // what the candord before left; false: nothing
  Result<void> OwnFile();
  void TakeUpOrders(const SavedState& earlier);
  bool AskPipeline(std::function<void(Pipeline&)> task);

  Board& board_;
  History history_;
  SelfDesk desk_;
  Reloader reloader_;
  Hook hook_;
  Keeping keeping_;  // its lock is touched by OwnFile() alone, which the keeper calls one at a time
  std::atomic<bool> unsaved_ = false;  // an order is in force that was not written, as its giver wished
  std::atomic<Watch*> watch_ = nullptr;
  mutable std::mutex baseline_mutex_;
  std::string baseline_;  // as last saved, should the pipeline not answer
  BootTime baseline_at_{};
  uint64_t forgotten_ = 0;          // resets: what the pipeline said before one must not come back after it
  const bool taken_up_ = TakeUp();  // before the keeper saves anything
  StateKeeper keeper_;              // last: it uses the others
};

}  // namespace candor::daemon
