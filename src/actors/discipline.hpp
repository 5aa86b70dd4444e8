// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The discipline over CAF 0.17: a move to another CAF touches this file, `ask.hpp` and `reply_slot.hpp`.

#include <smgw/types.hpp>

#include <caf/all.hpp>

namespace smgw {

/// `Request` is answered by `Reply`, or by an error.
template <class Request, class Reply>
using answers = typename caf::replies_to<Request>::template with<Reply>;

/// `Message` is taken without an answer.
template <class Message>
using hears = caf::reacts_to<Message>;

/// A typed handle: what may be sent, checked by the compiler.
template <class... Handlers>
using interface = caf::typed_actor<Handlers...>;

/// Our error as CAF carries it: the code in the category "smgw", the text beside it.
[[nodiscard]] caf::error to_caf(const error& e);
/// And back; errors of CAF itself (timeout, receiver down) become errc::unavailable.
[[nodiscard]] error from_caf(const caf::error& e);

/// The one way from `expected` to an answer.
template <class T>
[[nodiscard]] caf::result<T> answer(expected<T> value) {
  if (value) return std::move(*value);
  return to_caf(value.error());
}

/// An actor that dies of an exception must say why to its supervisor, not to stdout; it dies with errc::internal.
template <class Self>
void guard(Self* self) {
  self->set_exception_handler([](std::exception_ptr& fault) -> caf::error {
    try {
      std::rethrow_exception(fault);
    } catch (const std::exception& e) {
      return to_caf({errc::internal, e.what()});
    }
  });
  self->set_default_handler(caf::print_and_drop);
}

}  // namespace smgw

/// Declares a message that never leaves the process: no inspection, so CAF prints it as <unprintable>.
#define SMGW_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(smgw::type)
