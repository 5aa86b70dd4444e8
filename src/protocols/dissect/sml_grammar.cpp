// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dissect/sml_grammar.hpp"

namespace smgw::dissect::grammar {
namespace {

using enum shape::kind;

constexpr shape unknown{"element"};
constexpr shape time_members[] = {{"choice"}, {"time"}, {"localOffset"}, {"seasonTimeOffset"}};
constexpr shape time_choice[] = {{"choice"}, {"time", sequence, time_members}};
constexpr shape entry_members[] = {
    {"objName"}, {"status"}, {"valTime", choice, time_choice}, {"unit"}, {"scaler"}, {"value"}, {"valueSignature"}};
constexpr shape entry[] = {{"valListEntry", sequence, entry_members}};
constexpr shape path_entry[] = {{"parameterTreePath_Entry"}};
constexpr shape object_entry[] = {{"object"}};
constexpr shape period_members[] = {{"objName"}, {"unit"}, {"scaler"}, {"value"}, {"valueSignature"}};
constexpr shape period[] = {{"periodEntry", sequence, period_members}};
constexpr shape header_members[] = {{"objName"}, {"unit"}, {"scaler"}};
constexpr shape header[] = {{"header", sequence, header_members}};
constexpr shape value_members[] = {{"value"}, {"valueSignature"}};
constexpr shape value_entry[] = {{"valueEntry", sequence, value_members}};
constexpr shape profile_members[] = {
    {"valTime", choice, time_choice}, {"status"}, {"valueList", repeated, value_entry}, {"periodSignature"}};
constexpr shape profile_entry[] = {{"profilePeriod", sequence, profile_members}};
constexpr shape parameter_members[] = {{"choice"}, {"content"}};
// A tree holds trees: what is inside goes by the same names.
extern const shape tree_members[3];
constexpr shape tree_entry[] = {{"treeEntry", sequence, std::span<const shape>{tree_members, 3}}};
const shape tree_members[3] = {
    {"parameterName"}, {"parameterValue", choice, parameter_members}, {"childList", repeated, tree_entry}};
constexpr std::span<const shape> tree{tree_members, 3};

constexpr shape open_request[] = {{"codepage"}, {"clientId"}, {"reqFileId"}, {"serverId"},
                                  {"username"}, {"password"}, {"smlVersion"}};
constexpr shape open_response[] = {
    {"codepage"}, {"clientId"}, {"reqFileId"}, {"serverId"}, {"refTime", choice, time_choice}, {"smlVersion"}};
constexpr shape close[] = {{"globalSignature"}};
constexpr shape profile_request[] = {{"serverId"},
                                     {"username"},
                                     {"password"},
                                     {"withRawdata"},
                                     {"beginTime", choice, time_choice},
                                     {"endTime", choice, time_choice},
                                     {"parameterTreePath", repeated, path_entry},
                                     {"object_List", repeated, object_entry},
                                     {"dasDetails", sequence, tree}};
constexpr shape pack_response[] = {{"serverId"},
                                   {"actTime", choice, time_choice},
                                   {"regPeriod"},
                                   {"parameterTreePath", repeated, path_entry},
                                   {"header_List", repeated, header},
                                   {"period_List", repeated, profile_entry},
                                   {"rawdata"},
                                   {"profileSignature"}};
constexpr shape list_response[] = {{"serverId"},
                                   {"actTime", choice, time_choice},
                                   {"regPeriod"},
                                   {"parameterTreePath", repeated, path_entry},
                                   {"valTime", choice, time_choice},
                                   {"status"},
                                   {"period_List", repeated, period},
                                   {"rawdata"},
                                   {"periodSignature"}};
constexpr shape get_parameter_request[] = {
    {"serverId"}, {"username"}, {"password"}, {"parameterTreePath", repeated, path_entry}, {"attribute"}};
constexpr shape get_parameter_response[] = {
    {"serverId"}, {"parameterTreePath", repeated, path_entry}, {"parameterTree", sequence, tree}};
constexpr shape set_parameter_request[] = {{"serverId"},
                                           {"username"},
                                           {"password"},
                                           {"parameterTreePath", repeated, path_entry},
                                           {"parameterTree", sequence, tree}};
constexpr shape get_list_request[] = {{"clientId"}, {"serverId"}, {"username"}, {"password"}, {"listName"}};
constexpr shape get_list_response[] = {{"clientId"},
                                       {"serverId"},
                                       {"listName"},
                                       {"actSensorTime", choice, time_choice},
                                       {"valList", repeated, entry},
                                       {"listSignature"},
                                       {"actGatewayTime", choice, time_choice}};
constexpr shape attention[] = {{"serverId"}, {"attentionNo"}, {"attentionMsg"}, {"attentionDetails", sequence, tree}};

constexpr struct {
  std::uint32_t tag;
  shape body;
} bodies[] = {{0x0100, {"PublicOpen.Req", sequence, open_request}},
              {0x0101, {"PublicOpen.Res", sequence, open_response}},
              {0x0200, {"PublicClose.Req", sequence, close}},
              {0x0201, {"PublicClose.Res", sequence, close}},
              {0x0300, {"GetProfilePack.Req", sequence, profile_request}},
              {0x0301, {"GetProfilePack.Res", sequence, pack_response}},
              {0x0400, {"GetProfileList.Req", sequence, profile_request}},
              {0x0401, {"GetProfileList.Res", sequence, list_response}},
              {0x0500, {"GetProcParameter.Req", sequence, get_parameter_request}},
              {0x0501, {"GetProcParameter.Res", sequence, get_parameter_response}},
              {0x0600, {"SetProcParameter.Req", sequence, set_parameter_request}},
              {0x0700, {"GetList.Req", sequence, get_list_request}},
              {0x0701, {"GetList.Res", sequence, get_list_response}},
              {0xFF01, {"Attention.Res", sequence, attention}}};
constexpr shape body_tag{"messageBody.tag"};
constexpr shape other_body{"content"};

constexpr shape message_members[] = {{"transactionId"},         {"groupNo"}, {"abortOnError"},
                                     {"messageBody", body, {}}, {"crc16"},   {"endOfMessage"}};
constexpr shape whole_message{"message", sequence, message_members};

}  // namespace

const shape& message() noexcept { return whole_message; }

const shape& shape::member(std::size_t i, std::size_t count, std::uint32_t tag) const noexcept {
  switch (what) {
    case leaf: break;
    case sequence:
    case choice:
      // SML_Time without its choice: three values (some makes).
      if (what == choice && count == 3) return i + 1 < std::size(time_members) ? time_members[i + 1] : unknown;
      if (what == choice && i == 1 && count == 2) return members.size() > 1 ? members[1] : unknown;
      if (i < members.size()) return members[i];
      break;
    case repeated: return members.empty() ? unknown : members[0];
    case body:
      if (i == 0) return body_tag;
      for (const auto& b : bodies)
        if (b.tag == tag) return b.body;
      return other_body;
  }
  return unknown;
}

}  // namespace smgw::dissect::grammar
