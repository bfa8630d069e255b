// SPDX-License-Identifier: Apache-2.0
#include "config/documents.h"

#include <yaml-cpp/eventhandler.h>

#include <sstream>

namespace candor::config {
namespace {

using YAML::anchor_t;
using YAML::EmitterStyle;
using YAML::Mark;

// Records where documents start.
class Starts final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const Mark& mark) override { marks.push_back(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const Mark& /*mark*/, anchor_t /*anchor*/) override {}
  void OnAlias(const Mark& /*mark*/, anchor_t /*anchor*/) override {}
  void OnScalar(const Mark& /*mark*/, const std::string& /*tag*/, anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const Mark& /*mark*/, const std::string& /*tag*/, anchor_t /*anchor*/,
                       EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const Mark& /*mark*/, const std::string& /*tag*/, anchor_t /*anchor*/,
                  EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}

  std::vector<Mark> marks;
};

}  // namespace

std::vector<Mark> FirstDocuments(std::string_view text) {
  std::istringstream in{std::string(text)};
  YAML::Parser parser(in);
  Starts starts;
  while (starts.marks.size() < 2 && parser.HandleNextDocument(starts)) {
  }
  return starts.marks;
}

}  // namespace candor::config
