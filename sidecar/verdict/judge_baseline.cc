// SPDX-License-Identifier: Apache-2.0
//
// What is usual, kept beyond the process.
#include "verdict/baseline_text.h"
#include "verdict/judge_impl.h"

namespace candor {

std::string Judge::Impl::SaveBaseline() const {
  return ToText({baseline_.Export(), rate_.PerSecond(), usual_row_.seen()});
}

Result<void> Judge::Impl::RestoreBaseline(std::string_view text, Duration age) {
  if (age < Duration(0)) return Fail("saved baseline: it cannot be younger than now");
  const auto saved = ParseBaseline(text);
  if (!saved) return tl::make_unexpected(saved.error());
  baseline_.Import(saved->state, age, now_);
  rate_.Restore(saved->per_second);
  usual_row_.Restore(saved->rows, age);
  panel_.SetRate(rate_.PerSecond());
  panel_.Tune(baseline_, now_, widening_);
  return {};
}

void Judge::Impl::ResetBaseline() {
  baseline_ = Baseline();
  usual_row_ = UsualRow();
  panel_.Tune(baseline_, now_, widening_);
}

}  // namespace candor
