// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/discipline.hpp"

namespace smgw {
namespace {

constexpr auto category = caf::atom("smgw");

}  // namespace

caf::error to_caf(const error& e) { return {static_cast<std::uint8_t>(e.code), category, caf::make_message(e.what)}; }

error from_caf(const caf::error& e) {
  if (e.category() == category) {
    std::string text;
    if (e.context().match_elements<std::string>()) text = e.context().get_as<std::string>(0);
    return {static_cast<errc>(e.code()), std::move(text)};
  }
  if (e == caf::sec::request_timeout) return {errc::unavailable, "no answer within the time budget"};
  return {errc::unavailable, "the component is not there (" + caf::to_string(e) + ")"};
}

}  // namespace smgw
