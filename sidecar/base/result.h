// SPDX-License-Identifier: Apache-2.0
//
// Errors are values. An Error says what was being done and, where the operating system gave one, the
// errno; a message reads as one sentence a person can act on ("cannot open /x.yaml: No such file").
// Thread-safe as any value type. No function of Candor throws across a room's border.
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
