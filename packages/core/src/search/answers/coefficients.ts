/**
 * Written by `npm run eval -- answers-fit`: logistic regression on XQuAD and on the companies of
 * packages/acceptance/src/companies.ts. docs/answers.md has the measurements, of questions that the fit has not seen.
 */
export const coefficients = {
  /** Does a sentence contain what is asked for? */
  rank: [
    // bias
    -7.4501,
    // share in the sentence
    1.8233,
    // its square
    2.1238,
    // words in the sentence
    1.4877,
    // share with its neighbours and headings
    2.2793,
    // share in the chunk
    -0.1364,
    // heaviest missing word
    1.0163,
    // missing words
    0.3958,
    // names with neighbours and headings
    -0.129,
    // names in the chunk
    1.0934,
    // share of similar words
    4.079,
    // words that follow each other
    -0.2686,
    // cosine
    3.2044,
    // has what is asked for
    0.0615,
    // lacks what is asked for
    -0.665,
    // lacks an amount
    -1.1819,
    // has a date
    0.0967,
    // lacks a date
    -0.9857,
    // has a name
    -0.1368,
    // lacks a name
    -0.6313,
    // has the unit
    0.5177,
    // lacks the unit
    -0.3528,
    // nearness
    0.2998,
    // length
    -0.2034,
    // new words
    -0.6074,
    // is a row or an item
    0.1715,
    // begins with a pronoun
    0.0162,
    // words of the question
    0.2346,
    // score of the hit
    -0.5946,
    // relative score of the hit
    2.1881,
    // share in no hit
    -0.1647,
    // keyword score
    0.0378,
    // vector score
    -3.3681,
    // share in the question above
    3.6437,
    // the question above is the same
    0.7701,
  ],
  /** Does the answer that quotes the best sentences contain it? */
  support: [
    // bias
    -0.7343,
    // share in the sentence
    -1.3376,
    // its square
    -1.3311,
    // words in the sentence
    0.5082,
    // share with its neighbours and headings
    2.385,
    // share in the chunk
    2.0016,
    // heaviest missing word
    -0.3392,
    // missing words
    -1.3479,
    // names with neighbours and headings
    -0.5262,
    // names in the chunk
    0.6957,
    // share of similar words
    -0.0085,
    // words that follow each other
    0.3603,
    // cosine
    0.9732,
    // has what is asked for
    0.1383,
    // lacks what is asked for
    -0.6174,
    // lacks an amount
    0.8499,
    // has a date
    -0.1034,
    // lacks a date
    0.4168,
    // has a name
    0.2132,
    // lacks a name
    -0.419,
    // has the unit
    0.2828,
    // lacks the unit
    0.4935,
    // nearness
    -0.082,
    // length
    -0.4672,
    // new words
    0.3769,
    // is a row or an item
    0.6546,
    // begins with a pronoun
    -0.0513,
    // words of the question
    1.2135,
    // score of the hit
    0.8485,
    // relative score of the hit
    -0.6453,
    // share in no hit
    0.1076,
    // keyword score
    -0.0578,
    // vector score
    0.5348,
    // share in the question above
    0.313,
    // the question above is the same
    0.5978,
    // logit
    1.8596,
    // likelihood
    0.453,
    // lead over the next sentence
    -0.3928,
    // lead over the next document
    0.3188,
    // length of the answer
    1.4352,
    // single sentence
    -0.2716,
    // likelihood of the best three
    -1.2202,
    // logit × share in the sentence
    0.2923,
    // logit × share in the chunk
    -0.9603,
    // logit squared
    0.1998,
    // share in the sentence × in the chunk
    -0.2105,
    // share in the chunk squared
    -0.4517,
    // share with its neighbours squared
    -0.8344,
    // lacks × share in the sentence
    0.2932,
    // from the best hit
    0.6999,
    // best score
    0.0757,
    // best score squared
    -2.9808,
    // sentences that have what is asked for
    -0.5659,
    // sentences with the same share
    -0.7443,
    // english
    0.4561,
    // german
    0.4721,
    // spanish
    0.2134,
    // arabic
    0.3518,
    // hindi
    0.0,
    // russian
    0.6224,
    // simple
    0.8271,
  ],
};
