/* Statuses: which of two weighs more. Any room may use it. */
#include "base/base.h"

vb_status vb_worse(vb_status a, vb_status b)
{
  return a > b ? a : b;
}
