// SPDX-License-Identifier: Apache-2.0
//
// Errors are values. The message is one sentence with the operation and the reason ("cannot open /x.yaml: No
// such file"), and a remedy where there is one. No component throws exceptions to another. Thread-safe as any
// value type.
#pragma once

#include <string>
#include <system_error>
#include <tl/expected.hpp>
#include <utility>

namespace candor {

struct Error {
  std::string message;
  int code = 0;  // errno (positive), 0 when the failure did not come from the operating system
};

template <class T>
using Result = tl::expected<T, Error>;

// A failure without an errno.
inline tl::unexpected<Error> Fail(std::string message) {
  return tl::make_unexpected(Error{std::move(message), 0});
}

// A failure of a system call: `code` is the errno, positive; its text is appended.
inline tl::unexpected<Error> FailErrno(const std::string& doing, int code) {
  return tl::make_unexpected(Error{doing + ": " + std::generic_category().message(code), code});
}

}  // namespace candor
