// SHA-256 by the processor's own instructions, where it has some. Sources: FIPS 180-4; Intel
// 64 and IA-32 Architectures Software Developer's Manual, volume 2, SHA256RNDS2, SHA256MSG1 and SHA256MSG2.
#include "CLinux.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static int has_instructions(void) {
    unsigned a, b, c, d;
    // SSSE3 and SSE4.1 for the shuffles, then SHA.
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 9 & 1) || !(c >> 19 & 1)) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

__attribute__((target("sha,sse4.1,ssse3")))
static void compress(uint32_t *state, const void *blocks, long count, const uint32_t *constants) {
    // The blocks' words are big-endian.
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    // The instructions want the words as (a, b, e, f) and (c, d, g, h), the last named one lowest.
    const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xf0);
    const __m128i *next = blocks;
    for (; count > 0; count--, next += 4) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i words[4];
        for (int i = 0; i < 4; i++) words[i] = _mm_shuffle_epi8(_mm_loadu_si128(next + i), swap);
        for (int four = 0; four < 16; four++) {
            const __m128i now = words[four & 3];
            const __m128i sum = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)constants + four));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
            // The four words for sixteen rounds later, in a ring of four; the last ones are not needed.
            const __m128i last = words[(four + 3) & 3];
            const __m128i seventh = _mm_alignr_epi8(last, words[(four + 2) & 3], 4);
            const __m128i early = _mm_add_epi32(_mm_sha256msg1_epu32(now, words[(four + 1) & 3]), seventh);
            words[four & 3] = _mm_sha256msg2_epu32(early, last);
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

int sp_sha256_blocks(uint32_t *state, const void *blocks, long count, const uint32_t *constants) {
    // Asked once: on virtual machines the question is a trip to the host. 0: not asked, 1: none, 2: there.
    static _Atomic int known;
    if (!known) known = has_instructions() ? 2 : 1;
    if (known == 1) return 0;
    compress(state, blocks, count, constants);
    return 1;
}

#else

int sp_sha256_blocks(uint32_t *state, const void *blocks, long count, const uint32_t *constants) {
    (void)state, (void)blocks, (void)count, (void)constants;
    return 0;
}

#endif
