// SPDX-License-Identifier: Apache-2.0
#include "web/json_text.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

namespace candor::web {
namespace {

// As another program reads it.
std::string ReadBack(const std::string& json) {
  google::protobuf::Value value;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &value);
  return status.ok() ? value.string_value() : "(not JSON: " + json + ")";
}

TEST(JsonText, EveryByteBelow128ComesBackAsItWas) {
  std::string all;
  for (char c = 1; c < 127; ++c) all += c;
  all += '\x7f';
  EXPECT_EQ(ReadBack(JsonQuoted(all)), all);
  EXPECT_EQ(JsonQuoted("a\"b\\c\n"), R"("a\"b\\c\u000a")");
}

TEST(JsonText, Utf8StaysAsItIs) {
  const std::string text = "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8E\xA7";
  EXPECT_EQ(ReadBack(JsonQuoted(text)), text);
}

TEST(JsonText, WhatIsNotUtf8IsReplacedAndStaysJson) {
  const std::string replaced = "\xEF\xBF\xBD";
  for (const char* bad : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82"}) {
    const std::string read = ReadBack(JsonQuoted(std::string("a") + bad + "b"));
    EXPECT_EQ(read.substr(0, 1), "a");
    EXPECT_EQ(read.substr(read.size() - 1), "b");
    EXPECT_NE(read.find(replaced), std::string::npos) << JsonQuoted(bad);
  }
}

}  // namespace
}  // namespace candor::web
