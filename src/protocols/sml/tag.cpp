// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/message.hpp"

#include <array>

namespace smgw::sml {
namespace {

// in the order of message_body
constexpr std::array tags{
    tag{},
    tag::open_request,
    tag::open_response,
    tag::close_request,
    tag::close_response,
    tag::get_profile_pack_request,
    tag::get_profile_pack_response,
    tag::get_profile_list_request,
    tag::get_profile_list_response,
    tag::get_proc_parameter_request,
    tag::get_proc_parameter_response,
    tag::set_proc_parameter_request,
    tag::get_list_request,
    tag::get_list_response,
    tag::attention_response,
};
static_assert(tags.size() == std::variant_size_v<message_body>);

}  // namespace

std::uint32_t message::tag() const noexcept {
  if (const auto* other = std::get_if<other_body>(&body)) return other->tag;
  return static_cast<std::uint32_t>(tags[body.index()]);
}

std::string_view to_string(tag t) noexcept {
  switch (t) {
    case tag::open_request: return "PublicOpen.Req";
    case tag::open_response: return "PublicOpen.Res";
    case tag::close_request: return "PublicClose.Req";
    case tag::close_response: return "PublicClose.Res";
    case tag::get_profile_pack_request: return "GetProfilePack.Req";
    case tag::get_profile_pack_response: return "GetProfilePack.Res";
    case tag::get_profile_list_request: return "GetProfileList.Req";
    case tag::get_profile_list_response: return "GetProfileList.Res";
    case tag::get_proc_parameter_request: return "GetProcParameter.Req";
    case tag::get_proc_parameter_response: return "GetProcParameter.Res";
    case tag::set_proc_parameter_request: return "SetProcParameter.Req";
    case tag::get_list_request: return "GetList.Req";
    case tag::get_list_response: return "GetList.Res";
    case tag::get_cosem_request: return "GetCosem.Req";
    case tag::get_cosem_response: return "GetCosem.Res";
    case tag::set_cosem_request: return "SetCosem.Req";
    case tag::set_cosem_response: return "SetCosem.Res";
    case tag::action_cosem_request: return "ActionCosem.Req";
    case tag::action_cosem_response: return "ActionCosem.Res";
    case tag::attention_response: return "Attention.Res";
  }
  return {};
}

}  // namespace smgw::sml
