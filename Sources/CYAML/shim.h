/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml, the parser of YAML 1.1 events. */
#pragma once
#include <yaml.h>
