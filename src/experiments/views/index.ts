export { ProjectViewEntity } from './project-view.entity.js';
export { VIEW_TABLES, type ProjectView, type ViewTable } from './project-view.js';
export { ViewsController } from './views.controller.js';
export { ViewsService } from './views.service.js';
