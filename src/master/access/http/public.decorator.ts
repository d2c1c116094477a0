import { SetMetadata } from '@nestjs/common';

/** Where the bearer guard looks for the mark that {@link Public} leaves. */
export const PUBLIC = 'trial-metadata:public';

/** Marks a route, or every route of a controller, that answers without a token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
