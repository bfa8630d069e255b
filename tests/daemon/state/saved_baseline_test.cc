// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/saved_baseline.h"

#include <gtest/gtest.h>

#include "tests/source/fake_source.h"

namespace candor::daemon {
namespace {

class SavedBaselineTest : public ::testing::Test {
 protected:
  std::string Text() const {
    SavedState state;
    baseline_.WriteTo(state);
    return state.baseline;
  }

  FakeControl control_;
  SnapshotStore snapshots_;
  PipelineThread pipeline_{{}, std::make_unique<FakeSource>(control_), snapshots_, Clocks{}, {}};
  SavedBaseline baseline_;
};

TEST_F(SavedBaselineTest, IsReadFromThePipelineOnceThatIsAttached) {
  baseline_.Refresh();
  EXPECT_EQ(Text(), "");
  baseline_.Attach(pipeline_);
  baseline_.Refresh();
  EXPECT_TRUE(Text().starts_with("candor-baseline 2\n")) << Text();
}

TEST_F(SavedBaselineTest, IsWhatTheEarlierProcessSavedUntilThePipelineAnswers) {
  SavedState previous;
  previous.baseline = "damaged";
  baseline_.Restore(previous);
  EXPECT_FALSE(baseline_.Alarm(PipelineOptions{}));
  baseline_.RestoreInto(pipeline_);  // logs the error
  EXPECT_EQ(Text(), "damaged");
}

TEST_F(SavedBaselineTest, AResetEmptiesItAndIsAnErrorWhileThePipelineDoesNotAnswer) {
  SavedState previous;
  previous.baseline = "text";
  baseline_.Restore(previous);
  EXPECT_FALSE(baseline_.Reset());
  EXPECT_EQ(Text(), "");
  baseline_.Attach(pipeline_);
  EXPECT_TRUE(baseline_.Reset());
}

}  // namespace
}  // namespace candor::daemon
