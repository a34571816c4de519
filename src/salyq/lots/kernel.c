/* Exact whole-number work over columns, for lots of many persons (scale of a country). The Python beside it
 * (kernel.py) says the same in Python integers; tests hold both to the same bytes.
 *
 * A column of 128-bit numbers is pairs of 64-bit words, the low one first, in two's complement: as Arrow keeps
 * decimal128. Every function returns 0, or one of the codes below with the row in *bad; nothing is guessed or cut.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#define API __declspec(dllexport)
#else
#define API __attribute__((visibility("default")))
#endif

typedef __int128 i128;
typedef unsigned __int128 u128;

enum { FINE = 0, UNSORTED = 1, NEGATIVE = 2, FULL = 3, TOO_LARGE = 4, NO_QUANTITY = 5, NO_MEMORY = 6 };

static i128 get(const uint64_t *column, int64_t row) {
  return (i128)(((u128)column[2 * row + 1] << 64) | column[2 * row]);
}

static void put(uint64_t *column, int64_t row, i128 value) {
  column[2 * row] = (uint64_t)(u128)value;
  column[2 * row + 1] = (uint64_t)((u128)value >> 64);
}

/* a * b / d, half up, for a, b >= 0 and 0 < d < 2^126. Returns 0 where the quotient does not fit 126 bits. */
static int muldiv(u128 a, u128 b, u128 d, u128 *quotient) {
  const u128 limit = (u128)1 << 126;
  u128 q, r;
  if (a == 0 || b <= ~(u128)0 / a) {
    u128 p = a * b;
    q = p / d;
    r = p % d;
  } else {
    /* 256-bit product as (high, low), then long division bit by bit: rare, and short enough. */
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    u128 p00 = (u128)a0 * b0, p01 = (u128)a0 * b1, p10 = (u128)a1 * b0, p11 = (u128)a1 * b1;
    u128 middle = (p00 >> 64) + (uint64_t)p01 + (uint64_t)p10;
    u128 low = (middle << 64) | (uint64_t)p00;
    u128 high = p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64);
    if (high >= d) return 0;
    q = 0;
    r = high;
    for (int bit = 127; bit >= 0; bit--) {
      r = (r << 1) | ((low >> bit) & 1); /* r < d < 2^126, so nothing is shifted out */
      q <<= 1;
      if (r >= d) {
        r -= d;
        q |= 1;
      }
    }
  }
  if (r >= d - r) q++;
  if (q >= limit) return 0;
  *quotient = q;
  return 1;
}

/* First in, first out, of movements sorted by group (a person's asset) and then by order. Each disposal that is wanted
 * leaves pieces (its row, the row of the lot or -1 for a shortage, positions x0 to x1 of the lot). */
API int32_t salyq_fifo(int64_t rows, const int64_t *group, const int8_t *up, const uint64_t *quantity,
                       const int8_t *wanted, int64_t room, int64_t *disposal, int64_t *lot, uint64_t *from,
                       uint64_t *to, int64_t *pieces, int64_t *bad) {
  int64_t made = 0, head = -1;
  u128 left = 0, whole = 0;
  for (int64_t i = 0; i < rows; i++) {
    i128 need = get(quantity, i);
    *bad = i;
    if (need < 0) return NEGATIVE;
    if (i && group[i] < group[i - 1]) return UNSORTED;
    if (i == 0 || group[i] != group[i - 1]) {
      head = i - 1;
      left = 0;
    }
    if (up[i]) continue;
    u128 open = (u128)need;
    while (open) {
      while (!left) { /* the next lot of the group that stands before this row */
        do head++;
        while (head < i && !up[head]);
        if (head >= i) break;
        left = whole = (u128)get(quantity, head);
      }
      int short_ = head >= i;
      u128 taken = short_ || open < left ? open : left;
      if (wanted[i]) {
        if (made == room) return FULL;
        disposal[made] = i;
        lot[made] = short_ ? -1 : head;
        put(from, made, short_ ? 0 : (i128)(whole - left));
        put(to, made, short_ ? (i128)taken : (i128)(whole - left + taken));
        made++;
      }
      open -= taken;
      if (short_) {
        head = i - 1;
        left = 0;
      } else {
        left -= taken;
      }
    }
  }
  *pieces = made;
  return FINE;
}

/* What positions (x0, x1] of a quantity carry of a total, in whole grains: A(x1) - A(x0), A(x) = half up of
 * total * x / (quantity * grain), times grain. */
API int32_t salyq_part(int64_t rows, const uint64_t *total, const uint64_t *quantity, const uint64_t *x0,
                       const uint64_t *x1, const int64_t *grain, uint64_t *out, int64_t *bad) {
  const i128 limit = (i128)1 << 126;
  for (int64_t i = 0; i < rows; i++) {
    i128 t = get(total, i), q = get(quantity, i), a = get(x0, i), b = get(x1, i);
    *bad = i;
    if (t < 0 || q < 0 || a < 0 || b < 0 || grain[i] <= 0) return NEGATIVE;
    if (q == 0) return NO_QUANTITY;
    if (q >= limit / grain[i]) return TOO_LARGE;
    u128 d = (u128)q * (u128)grain[i], upper, lower;
    if (!muldiv((u128)t, (u128)b, d, &upper) || !muldiv((u128)t, (u128)a, d, &lower)) return TOO_LARGE;
    i128 parts = (i128)upper - (i128)lower;
    if (parts >= limit / grain[i] || parts <= -(limit / grain[i])) return TOO_LARGE;
    put(out, i, parts * grain[i]);
  }
  return FINE;
}

/* amount * numerator / denominator, half up away from zero, into 64 bits. */
API int32_t salyq_round_mul(int64_t rows, const uint64_t *amount, const int64_t *numerator, const uint64_t *denominator,
                            int64_t *out, int64_t *bad) {
  i128 d = get(denominator, 0);
  *bad = 0;
  if (d <= 0 || d >= (i128)1 << 126) return NO_QUANTITY;
  for (int64_t i = 0; i < rows; i++) {
    i128 a = get(amount, i);
    u128 size;
    *bad = i;
    if (numerator[i] < 0) return NEGATIVE;
    if (!muldiv(a < 0 ? (u128)-a : (u128)a, (u128)numerator[i], (u128)d, &size) || size >> 63) return TOO_LARGE;
    out[i] = a < 0 ? -(int64_t)size : (int64_t)size;
  }
  return FINE;
}

/* The order of rows by several 64-bit keys, the first one deciding; equal rows stay as they are. Radix sort by bytes
 * from the last key's lowest to the first key's highest; a byte that all rows share costs one look. */
API int32_t salyq_order(int64_t rows, int64_t keys, const int64_t *const *key, int64_t *order, int64_t *bad) {
  int64_t *other = malloc(sizeof(int64_t) * (size_t)(rows ? rows : 1));
  *bad = 0;
  if (!other) return NO_MEMORY;
  int64_t *from = order, *to = other;
  for (int64_t i = 0; i < rows; i++) from[i] = i;
  for (int64_t k = keys - 1; k >= 0; k--) {
    for (int shift = 0; shift < 64; shift += 8) {
      size_t count[256] = {0}, at = 0;
      uint64_t flip = shift == 56 ? 0x80 : 0; /* negative numbers come first */
      for (int64_t i = 0; i < rows; i++) count[(((uint64_t)key[k][i] >> shift) & 255) ^ flip]++;
      if (rows && count[(((uint64_t)key[k][0] >> shift) & 255) ^ flip] == (size_t)rows) continue;
      for (int b = 0; b < 256; b++) {
        size_t own = count[b];
        count[b] = at;
        at += own;
      }
      for (int64_t i = 0; i < rows; i++) {
        int64_t row = from[i];
        to[count[(((uint64_t)key[k][row] >> shift) & 255) ^ flip]++] = row;
      }
      int64_t *swap = from;
      from = to;
      to = swap;
    }
  }
  if (from != order) memcpy(order, from, sizeof(int64_t) * (size_t)rows);
  free(other);
  return FINE;
}
