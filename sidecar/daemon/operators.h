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
  std::string path;  // empty: nowhere
  std::shared_ptr<UniqueFd> lock;
  std::optional<SavedState> earlier;
};
// `take_over`: the candord before still writes the file; this one begins to when that has ended.
Keeping Keep(const Config& config, const ServiceFolders& folders, bool take_over);

// Empty where "auto" finds no place, or another candord has it and is not to be taken over; the log says so.
std::string AdminSocket(const Config& config, const ServiceFolders& folders, bool take_over);

class Operators {
 public:
  // `board` outlives this; it takes up the orders of `keeping.earlier` that are still in force.
  Operators(const Flags& flags, const Config& config, Board& board, const Keeping& keeping);
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
  Result<void> ResetBaseline();
  std::pair<std::string, Duration> BaselineAndAge() const;
  SavedState Collect();
  void TakeUp(const SavedState& earlier);
  bool AskPipeline(std::function<void(Pipeline&)> task);

  Board& board_;
  History history_;
  SelfDesk desk_;
  Reloader reloader_;
  Hook hook_;
  const Keeping keeping_;
  std::atomic<Watch*> watch_ = nullptr;
  mutable std::mutex baseline_mutex_;
  std::string baseline_;  // as last saved, should the pipeline not answer
  WallTime baseline_at_{};
  StateKeeper keeper_;  // last: it uses the others
};

}  // namespace candor::daemon
