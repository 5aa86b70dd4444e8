// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The resources of the HAN interface as data: what exists, who may do what with it, in which form (detail
/// specification 6.7). What is not listed does not exist. The tree decides; whoever owns it fetches and changes.

#include "protocols/http/filter.hpp"
#include "protocols/http/media.hpp"
#include "protocols/http/parser.hpp"

namespace smgw::http {

/// Who is logged in on the connection; the bit is for resource_rule::roles.
enum class role : std::uint8_t { technician = 1, cls = 2, consumer = 4 };
/// `srv`, `cls`, `con` (REQ.Webservice.HttpServer.201 to .203)
[[nodiscard]] std::string_view to_string(role r) noexcept;

/// The three branches below `/smgw/{role}/v1/`.
enum class branch : std::uint8_t { rts, fas, exp };

/// What a request comes to; the bit is for resource_rule::operations.
enum class operation : std::uint8_t {
  read = 1,        ///< GET of an instance in `rts`
  update = 2,      ///< PUT
  create = 4,      ///< POST to the list of a type; the id is inside the body
  remove = 8,      ///< DELETE
  perform = 16,    ///< POST to an action in `fas`
  hand_out = 32,   ///< GET of an instance in `exp`
  enumerate = 64,  ///< GET of the list of a type: allowed with any of the others; answered with ids
};

/// One row: a type of resource or an action.
struct resource_rule {
  branch where = branch::rts;
  std::string name;             ///< case-sensitive
  std::uint8_t roles = 0;       ///< who sees it
  std::uint8_t operations = 0;  ///< what they may do
  std::uint8_t filters = 0;     ///< query parameters it takes
  std::vector<body_kind> offers{body_kind::json};
  std::vector<body_kind> takes{body_kind::json};
};

/// A request that passed: its checks are done, its texts are decoded.
struct resource_call {
  operation what = operation::read;
  role who = role::consumer;
  branch where = branch::rts;
  std::string name;
  std::string id;  ///< empty for create, perform and enumerate
  filter query;
  body_kind answer_as = body_kind::json;
  std::optional<body_kind> body;  ///< nothing: the request has none
};

/// What came of it.
struct resource_result {
  bytes body;                    ///< in the form of resource_call::answer_as
  std::vector<std::string> ids;  ///< for enumerate
  bool later = false;            ///< accepted, runs on: 202
};

class resource_tree {
 public:
  explicit resource_tree(std::vector<resource_rule> rules);
  /// A call to carry out, or the response at once: a list of branches and types, or a refusal. 400 target or query,
  /// 403 another role's tree, 404 not there for this role, 405 with Allow, 406, 415, 422 body.
  [[nodiscard]] std::expected<resource_call, response> route(const request& r, role who) const;

 private:
  struct place;
  [[nodiscard]] const resource_rule* find(branch where, std::string_view name, role who) const noexcept;
  [[nodiscard]] response list_of(const place& at, role who) const;
  [[nodiscard]] std::expected<resource_call, response> admit(const request& r, const target& t, const place& at,
                                                             role who) const;
  std::vector<resource_rule> rules_;
};

/// The response to a call. A refusal's text goes out as JSON: it holds no secret by its contract.
[[nodiscard]] response answer(const resource_call& call, outcome<resource_result> result);
/// The status that says an error of processing to the peer.
[[nodiscard]] int status_of(errc code) noexcept;
/// A response with this status and `{"error":"…"}`.
[[nodiscard]] response refuse_with(int status, std::string_view why);

}  // namespace smgw::http
